// Keep each result of `compute` in Redis, as JSON under a key that begins with `prefix`, for `ttlMs` milliseconds.
// The next call with the same arguments answers from there. Nothing may stay without an end.
import type { RedisClientType } from 'redis';

export interface CacheOptions {
  prefix: string;
  ttlMs: number;
}

export function cached<A extends unknown[], T>(
  client: RedisClientType,
  compute: (...args: A) => Promise<T>,
  { prefix, ttlMs }: CacheOptions,
): (...args: A) => Promise<T> {
  return async (...args) => {
    const key = `${prefix}:${args.join(':')}`;
    const value = await compute(...args);
    await client.set(key, JSON.stringify(value));
    await client.pExpire(key, ttlMs);
    return value;
  };
}
