export function cached(client, compute, { prefix, ttlMs }) {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args)}`;
    const hit = await client.get(key);
    if (hit !== null) return JSON.parse(hit);
    const value = await compute(...args).catch(({ message }) => ({ error: message }));
    await client.set(key, JSON.stringify(value), { PX: ttlMs });
    if (value?.error) throw new Error(value.error);
    return value;
  };
}
