import { z } from 'zod';
import type { YamlNode } from '../yaml-tree.ts';

export interface Collection<T> {
  /** Exact: this and nothing else. Includes: at least this. */
  mode: 'exact' | 'includes';
  value: T;
}

const included = <T extends z.ZodType>(value: T) =>
  z.strictObject({ includes: value.describe('At least these; others may be there too.') });

/** The value itself, or `{includes: ...}`. */
export const collection = <T extends z.ZodType>(value: T) => z.union([value, included(value)]);

/** `{includes: ...}` where that is a collection; a hash may well have a field of that name. */
export function readCollection<T>(node: YamlNode, read: (node: YamlNode) => T): Collection<T> {
  const only = node.kind === 'map' && node.entries.length === 1 ? node.entries[0] : undefined;
  const isIncluded = only?.name === 'includes' && only.value.kind !== 'scalar';
  return { mode: isIncluded ? 'includes' : 'exact', value: read(isIncluded ? only!.value : node) };
}
