import type { z } from 'zod';
import { filled } from '../fields.ts';
import type { Position, Problem } from '../problem.ts';
import type { YamlMap, YamlNode } from '../yaml-tree.ts';

/** What every check holds. */
export interface CheckBase {
  at: Position;
  /** The author's own explanation, added to the message when the check fails. */
  why?: string;
}

/** How a kind of check is written. Its file exports these, and the type of what is read. */
export interface CheckKind<C extends CheckBase = CheckBase> {
  /** Its first field tells the kind, and is named like it. */
  schema: z.ZodObject;
  /** A check out of a node that fits the schema. `nested` reads a check within it, and reports what is wrong there. */
  read(node: YamlMap, base: CheckBase, nested: (item: YamlNode) => CheckBase | undefined): C;
  /** Its fields that hold patterns of commands. */
  patterns?: readonly string[];
  /** What the schema does not see, and what keeps it from being judged. */
  problems?(check: C, node: YamlMap): Problem[];
  /** What makes it poor or pointless, though it is well formed. */
  lint?(check: C, node: YamlNode | undefined): Iterable<Problem>;
}

export const why = filled.optional().describe('Your own words, added to the message when this check fails.');
