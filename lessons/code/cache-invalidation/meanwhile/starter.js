// Two servers use this cache at once. Whatever the order of their commands, no entry may be left
// that its tags don't list, and no tag may end before its entries. Mend set() and invalidateTag().

/**
 * @param {import('redis').RedisClientType} client
 * @param {{ prefix: string }} options
 */
export function createCache(client, { prefix }) {
  /** @param {string} key */
  const entryKey = (key) => `${prefix}:entry:${key}`;
  /** @param {string} tag */
  const tagKey = (tag) => `${prefix}:tag:${tag}`;

  return {
    /** @param {string} key  @returns {Promise<string | null>} */
    get: (key) => client.hGet(entryKey(key), 'value'),

    /** @param {string} key  @param {string} value  @param {{ ttlMs: number, tags?: string[] }} options */
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

    /** @param {string} key */
    async invalidate(key) {
      await client.del(entryKey(key));
    },

    /** @param {string} tag */
    async invalidateTag(tag) {
      for (const entry of await client.sMembers(tagKey(tag)))
        if (await client.hExists(entry, tagKey(tag))) await client.del(entry);
      await client.del(tagKey(tag));
    },
  };
}
