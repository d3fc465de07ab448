export function cached(client, compute, { prefix, ttlMs }) {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args)}`;
    const hit = await client.get(key);
    const found = hit && JSON.parse(hit);
    if (found) return found;
    const value = await compute(...args);
    await client.set(key, JSON.stringify(value), { PX: ttlMs });
    return value;
  };
}
