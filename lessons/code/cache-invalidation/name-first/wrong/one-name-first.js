// One tag before the entry, the others behind it.
export function createCache(client, { prefix }) {
  const entryKey = (key) => `${prefix}:entry:${key}`;
  const tagKey = (tag) => `${prefix}:tag:${tag}`;

  return {
    get: (key) => client.hGet(entryKey(key), 'value'),

    async set(key, value, { ttlMs, tags = [] }) {
      const entry = entryKey(key);
      // The name first: one without an entry does no harm, an entry that no tag lists does.
      const [first, ...rest] = tags;
      const list = async (tag) => {
        if (tag === undefined) return;
        await client.sAdd(tagKey(tag), entry);
        if ((await client.pTTL(tagKey(tag))) < ttlMs) await client.pExpire(tagKey(tag), ttlMs);
      };
      await list(first);
      const fields = Object.fromEntries(tags.map((tag) => [tagKey(tag), '']));
      await client
        .multi()
        .del(entry)
        .hSet(entry, { value, ...fields })
        .pExpire(entry, ttlMs)
        .exec();
      for (const tag of rest) await list(tag);
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
