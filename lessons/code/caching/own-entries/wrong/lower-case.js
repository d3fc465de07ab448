/** For JSON.stringify: the same fields in the same order. */
const inOrder = (_name, value) =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

export function cached(client, compute, { prefix, ttlMs }) {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args, inOrder).toLowerCase()}`;
    const hit = await client.get(key);
    if (hit !== null) return JSON.parse(hit);
    const value = await compute(...args);
    await client.set(key, JSON.stringify(value), { PX: ttlMs });
    return value;
  };
}
