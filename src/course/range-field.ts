import { z } from 'zod';
import { error, type Problem } from './problem.ts';
import type { Range } from './range.ts';
import type { YamlNode } from './yaml-tree.ts';
import { scalar } from './yaml-values.ts';

/** `1..5`, `3..`. */
export const RANGE = /^(\d+)\.\.(\d*)$/;

/** A number or a range: `3`, `"1..5"`, `"3.."`. */
export const range = z.union([
  z.int().min(0),
  z.string().regex(RANGE, 'a whole number, or a range as 1..5 or 3..'),
]);

export function readRange(node: YamlNode): Range {
  const value = scalar(node);
  if (typeof value === 'number') return { min: value, max: value };
  const [min, max] = String(value).split('..');
  return { min: Number(min), max: max ? Number(max) : null };
}

export function rangeProblems(node: YamlNode | undefined): Problem[] {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.value === 'none') return [];
  const { min, max } = readRange(node);
  return max !== null && max < min
    ? [error(node.at, `The range ${node.value} is empty.`, `did you mean ${max}..${min}?`)]
    : [];
}
