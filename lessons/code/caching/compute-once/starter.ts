// When an entry ends, all who ask for it compute it. Let one of them compute while the others wait for the entry, in
// all processes. Who fails lets the next one try at once; who dies holds up nobody for longer than lockMs.
import type { RedisClientType } from 'redis';

export interface CacheOptions {
  prefix: string;
  ttlMs: number;
  lockMs: number;
}

/** For JSON.stringify: the same fields in the same order. */
const inOrder = (_name: string, value: unknown) =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Longest that a caller waits for a reply, in ms. */
const PATIENCE = 500;

/** The reply of Redis; rejects where that takes too long. */
function inTime<T>(command: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, PATIENCE, new Error('Redis does not answer'));
  });
  return Promise.race([command, late]).finally(() => clearTimeout(timer));
}

export function cached<A extends unknown[], T>(
  client: RedisClientType,
  compute: (...args: A) => Promise<T>,
  { prefix, ttlMs, lockMs }: CacheOptions,
): (...args: A) => Promise<T> {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args, inOrder)}`;
    try {
      const hit = await inTime(client.get(key));
      if (hit !== null) return JSON.parse(hit);
    } catch {
      // No Redis, or no JSON: a miss.
    }
    const value = await compute(...args);
    try {
      const text = JSON.stringify(value);
      await inTime(client.set(key, text, { expiration: { type: 'PX', value: ttlMs } }));
    } catch {
      // Whoever asks has the value, whatever becomes of the entry.
    }
    return value;
  };
}
