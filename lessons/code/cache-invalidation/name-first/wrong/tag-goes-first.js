// The tag is gone before its entries are.
export function createCache(client, { prefix }) {
  const entryKey = (key) => `${prefix}:entry:${key}`;
  const tagKey = (tag) => `${prefix}:tag:${tag}`;

  return {
    get: (key) => client.hGet(entryKey(key), 'value'),

    async set(key, value, { ttlMs, tags = [] }) {
      const entry = entryKey(key);
      // The name first: one without an entry does no harm, an entry that no tag lists does.
      for (const tag of tags) {
        await client.sAdd(tagKey(tag), entry);
        if ((await client.pTTL(tagKey(tag))) < ttlMs) await client.pExpire(tagKey(tag), ttlMs);
      }
      const fields = Object.fromEntries(tags.map((tag) => [tagKey(tag), '']));
      await client
        .multi()
        .del(entry)
        .hSet(entry, { value, ...fields })
        .pExpire(entry, ttlMs)
        .exec();
    },

    async invalidate(key) {
      await client.del(entryKey(key));
    },

    async invalidateTag(tag) {
      const entries = await client.sMembers(tagKey(tag));
      await client.del(tagKey(tag));
      for (const entry of entries) if (await client.hExists(entry, tagKey(tag))) await client.del(entry);
    },
  };
}
