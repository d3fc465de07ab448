// Different questions have different entries, and the same question has one: f(1) is not f('1'), f('a:b', 'c') is not
// f('a', 'b:c'), and an object's fields may stand in any order. Only the key is wrong here.

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
    const hit = await client.get(key);
    if (hit !== null) return JSON.parse(hit);
    const value = await compute(...args);
    await client.set(key, JSON.stringify(value), { expiration: { type: 'PX', value: ttlMs } });
    return value;
  };
}
