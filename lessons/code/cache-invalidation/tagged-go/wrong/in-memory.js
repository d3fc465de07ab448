// All of it in the memory of this process.
export function createCache() {
  const entries = new Map();
  const get = (key) => {
    const entry = entries.get(key);
    return entry && Date.now() < entry.ends ? entry.value : null;
  };
  return {
    get,
    set(key, value, { ttlMs, tags = [] }) {
      entries.set(key, { value, tags, ends: Date.now() + ttlMs });
    },
    invalidate: (key) => void entries.delete(key),
    invalidateTag(tag) {
      for (const [key, { tags }] of entries) if (tags.includes(tag)) entries.delete(key);
    },
  };
}
