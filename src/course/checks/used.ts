import { z } from 'zod';
import { lines } from '../fields.ts';
import { entry, type YamlMap } from '../yaml-tree.ts';
import { strings } from '../yaml-values.ts';
import { type CheckBase, why } from './kind.ts';

/**
 * A command pattern is words: the first is the command's name, each further one must match some later
 * argument, in order, gaps allowed; without case; `*` and `?` are wildcards. `SET EX` matches `set k v ex 9`.
 */
export interface UsedCheck extends CheckBase {
  kind: 'used';
  /** Any of these. */
  patterns: string[];
}

export const schema = z
  .strictObject({
    used: lines.describe(
      'A command that was run, or a list of which any serves. Words match in order, gaps allowed: SET EX matches SET k v EX 9.',
    ),
    why,
  })
  .describe('Which command did it.');

export const patterns = ['used'];

export function read(node: YamlMap, base: CheckBase): UsedCheck {
  return { kind: 'used', ...base, patterns: strings(entry(node, 'used')!) };
}
