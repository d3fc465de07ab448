// Compares with the longest time that was given, not with what is left.
export function createCache(client, { prefix }) {
  const entryKey = (key) => `${prefix}:entry:${key}`;
  const tagKey = (tag) => `${prefix}:tag:${tag}`;

  return {
    get: (key) => client.get(entryKey(key)),

    async set(key, value, { ttlMs, tags = [] }) {
      await client.set(entryKey(key), value, { expiration: { type: 'PX', value: ttlMs } });
      for (const tag of tags) {
        await client.sAdd(tagKey(tag), entryKey(key));
        const longest = Number((await client.get(`${tagKey(tag)}:longest`)) ?? 0);
        if (ttlMs <= longest) continue;
        await client.set(`${tagKey(tag)}:longest`, ttlMs, { PX: ttlMs });
        await client.pExpire(tagKey(tag), ttlMs);
      }
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
