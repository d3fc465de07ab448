/** The fields of an argument, but not those of what is in it. */
const inOrder = (value) =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort());

export function cached(client, compute, { prefix, ttlMs }) {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args.map(inOrder))}`;
    const hit = await client.get(key);
    if (hit !== null) return JSON.parse(hit);
    const value = await compute(...args);
    await client.set(key, JSON.stringify(value), { PX: ttlMs });
    return value;
  };
}
