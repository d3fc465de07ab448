// Milliseconds taken for seconds.
export function createCache(client, { prefix }) {
  const entryKey = (key) => `${prefix}:entry:${key}`;
  const tagKey = (tag) => `${prefix}:tag:${tag}`;

  return {
    get: (key) => client.get(entryKey(key)),

    async set(key, value, { ttlMs, tags = [] }) {
      await client.set(entryKey(key), value, { expiration: { type: 'EX', value: ttlMs } });
      for (const tag of tags) await client.sAdd(tagKey(tag), entryKey(key));
    },

    async invalidate(key) {
      await client.del(entryKey(key));
    },

    async invalidateTag(tag) {
      const entries = await client.sMembers(tagKey(tag));
      await client.del([...entries, tagKey(tag)]);
    },
  };
}
