// All sent at once, which is no order, and not one step.
export function createCache(client, { prefix }) {
  const entryKey = (key) => `${prefix}:entry:${key}`;
  const tagKey = (tag) => `${prefix}:tag:${tag}`;

  return {
    get: (key) => client.hGet(entryKey(key), 'value'),

    async set(key, value, { ttlMs, tags = [] }) {
      const entry = entryKey(key);
      // A hash: the value, and a field for each tag that the entry has now.
      const fields = Object.fromEntries(tags.map((tag) => [tagKey(tag), '']));
      const written = client
        .multi()
        .del(entry)
        .hSet(entry, { value, ...fields })
        .pExpire(entry, ttlMs)
        .exec();
      const list = async (tag) => {
        await client.sAdd(tagKey(tag), entry);
        if ((await client.pTTL(tagKey(tag))) < ttlMs) await client.pExpire(tagKey(tag), ttlMs);
      };
      await Promise.all([written, ...tags.map(list)]);
    },

    async invalidate(key) {
      await client.del(entryKey(key));
    },

    async invalidateTag(tag) {
      for (const entry of await client.sMembers(tagKey(tag)))
        if (await client.hExists(entry, tagKey(tag))) await client.del(entry);
      await client.del(tagKey(tag));
    },
  };
}
