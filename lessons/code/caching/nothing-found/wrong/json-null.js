export function cached(client, compute, { prefix, ttlMs }) {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args)}`;
    const hit = JSON.parse((await client.get(key)) ?? 'null');
    if (hit !== null) return hit;
    const value = await compute(...args);
    await client.set(key, JSON.stringify(value), { PX: ttlMs });
    return value;
  };
}
