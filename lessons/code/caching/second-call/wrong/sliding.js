export function cached(client, compute, { prefix, ttlMs }) {
  return async (...args) => {
    const key = `${prefix}:${args.join(':')}`;
    const hit = await client.getEx(key, { type: 'PX', value: ttlMs });
    if (hit !== null) return JSON.parse(hit);
    const value = await compute(...args);
    await client.set(key, JSON.stringify(value), { PX: ttlMs });
    return value;
  };
}
