// Removes the whole old tag.
export function createCache(client, { prefix }) {
  const entryKey = (key) => `${prefix}:entry:${key}`;
  const tagKey = (tag) => `${prefix}:tag:${tag}`;
  const tagsKey = (key) => `${prefix}:tags:${key}`;

  /** Takes an entry's name out of its tags. */
  async function leave(key) {
    for (const tag of await client.sMembers(tagsKey(key))) await client.del(tagKey(tag));
    await client.del(tagsKey(key));
  }

  return {
    get: (key) => client.get(entryKey(key)),

    async set(key, value, { ttlMs, tags = [] }) {
      await leave(key);
      await client.set(entryKey(key), value, { PX: ttlMs });
      for (const tag of tags) {
        await client.sAdd(tagsKey(key), tag);
        await client.sAdd(tagKey(tag), key);
        if ((await client.pTTL(tagKey(tag))) < ttlMs) await client.pExpire(tagKey(tag), ttlMs);
      }
      await client.pExpire(tagsKey(key), ttlMs);
    },

    async invalidate(key) {
      await leave(key);
      await client.del(entryKey(key));
    },

    async invalidateTag(tag) {
      for (const key of await client.sMembers(tagKey(tag))) {
        await leave(key);
        await client.del(entryKey(key));
      }
    },
  };
}
