import { z } from 'zod';
import { filled, text } from '../fields.ts';
import { keyMatch } from '../pattern.ts';
import { error, type Problem } from '../problem.ts';
import { inRange, type Range } from '../range.ts';
import { range, rangeProblems, readRange } from '../range-field.ts';
import { entry, type YamlMap, type YamlNode } from '../yaml-tree.ts';
import { itemsOf, string, strings } from '../yaml-values.ts';
import { type CheckBase, why } from './kind.ts';

/** The names in the database that match a pattern: how many, or exactly which. */
export interface KeysCheck extends CheckBase {
  kind: 'keys';
  pattern: string;
  count?: Range;
  names?: string[];
}

export const schema = z
  .strictObject({
    keys: filled.describe('A pattern of key names, as KEYS takes it: session:*'),
    count: range.optional().describe('How many names match: 3, "1..5" or "3..".'),
    names: z.array(text).optional().describe('Exactly which names match, in any order.'),
    why,
  })
  .describe('Which keys are in the database.');

export function read(node: YamlMap, base: CheckBase): KeysCheck {
  const [count, names] = [entry(node, 'count'), entry(node, 'names')];
  return {
    kind: 'keys',
    ...base,
    pattern: string(entry(node, 'keys')!),
    ...(count && { count: readRange(count) }),
    ...(names && { names: strings(names) }),
  };
}

export function problems({ at, count, names }: KeysCheck, node: YamlMap): Problem[] {
  if (count || names) return rangeProblems(entry(node, 'count'));
  return [error(at, 'This check does not say how many keys, or which.', 'add count: 3 or names: [...]')];
}

export function* lint(
  { pattern, names, count, at }: KeysCheck,
  node: YamlNode | undefined,
): Generator<Problem> {
  for (const name of itemsOf(entry(node, 'names'))) {
    if (name.kind !== 'scalar' || keyMatch(pattern, String(name.value))) continue;
    yield error(name.at, `"${name.value}" does not match ${pattern}, so this can never pass.`);
  }
  if (names && count && !inRange(count, new Set(names).size))
    yield error(entry(node, 'count')?.at ?? at, '"count" and the number of "names" contradict each other.');
}
