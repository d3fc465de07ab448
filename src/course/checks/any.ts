import { z } from 'zod';
import { error, type Problem } from '../problem.ts';
import { entry, type YamlMap, type YamlNode } from '../yaml-tree.ts';
import { itemsOf } from '../yaml-values.ts';
import { type CheckBase, why } from './kind.ts';

/** One of several ways in which it may be right: each is a list of checks, of which all hold. */
export interface AnyCheck<Plain extends { kind: string } = { kind: string } & CheckBase> extends CheckBase {
  kind: 'any';
  ways: Plain[][];
}

/** `plain` is the schema of every other check. */
export const schemaOf = (plain: z.ZodType) =>
  z
    .strictObject({
      any: z
        .array(z.union([plain, z.array(plain).min(1)]))
        .min(2)
        .describe('Ways in which it may be right: each a check, or a list of checks that hold together.'),
      why,
    })
    .describe('That one of several ways holds.');

/** The checks within are judged one by one, each by the schema of its kind. */
export const schema = schemaOf(z.unknown());

export function read<Plain extends { kind: string }>(
  node: YamlMap,
  base: CheckBase,
  nested: (item: YamlNode) => unknown,
): AnyCheck<Plain> {
  const ways = itemsOf(entry(node, 'any')).map((way) =>
    (way.kind === 'list' ? way.items : [way]).flatMap((item) => (nested(item) as Plain | undefined) ?? []),
  );
  return { kind: 'any', ...base, ways };
}

export function problems({ ways, at }: AnyCheck): Problem[] {
  return ways.flat().some(({ kind }) => kind === 'any')
    ? [error(at, 'There is no choice within a choice.', 'put its ways into the first')]
    : [];
}
