export function cached(client, compute, { prefix, ttlMs, spreadMs }) {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args)}`;
    const hit = await client.get(key);
    if (hit !== null) return JSON.parse(hit);
    const value = await compute(...args);
    const ends = ttlMs - (Date.now() % spreadMs);
    await client.set(key, JSON.stringify(value), { PX: ends });
    return value;
  };
}
