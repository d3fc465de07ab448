export function cached(_client, compute, { ttlMs }) {
  const kept = new Map();
  return async (...args) => {
    const key = args.join(':');
    const hit = kept.get(key);
    if (hit && hit.ends > Date.now()) return hit.value;
    const value = await compute(...args);
    kept.set(key, { value, ends: Date.now() + ttlMs });
    return value;
  };
}
