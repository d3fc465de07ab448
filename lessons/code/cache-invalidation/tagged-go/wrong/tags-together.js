// All tags make one.
export function createCache(client, { prefix }) {
  const entryKey = (key) => `${prefix}:entry:${key}`;
  const tagKey = (tag) => `${prefix}:tag:${tag}`;

  return {
    get: (key) => client.get(entryKey(key)),

    async set(key, value, { ttlMs, tags = [] }) {
      await client.set(entryKey(key), value, { expiration: { type: 'PX', value: ttlMs } });
      if (tags.length > 0) await client.sAdd(tagKey(tags.join(':')), entryKey(key));
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
