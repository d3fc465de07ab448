export function cached(client, compute, { prefix, ttlMs }) {
  return async (...args) => {
    const key = `${prefix}:${JSON.stringify(args)}`;
    const cache = client.withCommandOptions({ timeout: 500 });
    try {
      const hit = await cache.get(key);
      if (hit !== null) return JSON.parse(hit);
      const value = await compute(...args);
      await cache.set(key, JSON.stringify(value), { PX: ttlMs });
      return value;
    } catch {
      return compute(...args);
    }
  };
}
