// Keep each result of `compute` in Redis, as JSON under a key that begins with `prefix`, for `ttlMs` milliseconds.
// The next call with the same arguments answers from there. Nothing may stay without an end.

/**
 * @template T
 * @param {import('redis').RedisClientType} client
 * @param {(...args: any[]) => Promise<T>} compute
 * @param {{ prefix: string, ttlMs: number }} options
 * @returns {(...args: any[]) => Promise<T>}
 */
export function cached(client, compute, { prefix, ttlMs }) {
  return async (...args) => {
    const key = `${prefix}:${args.join(':')}`;
    const value = await compute(...args);
    await client.set(key, JSON.stringify(value));
    await client.pExpire(key, ttlMs);
    return value;
  };
}
