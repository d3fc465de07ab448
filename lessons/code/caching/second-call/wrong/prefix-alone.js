export function cached(client, compute, { prefix, ttlMs }) {
  return async (...args) => {
    const hit = await client.get(prefix);
    if (hit !== null) return JSON.parse(hit);
    const value = await compute(...args);
    await client.set(prefix, JSON.stringify(value), { PX: ttlMs });
    return value;
  };
}
