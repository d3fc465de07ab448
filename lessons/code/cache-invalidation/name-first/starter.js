// Your program may die at any moment of set() or invalidateTag(). No entry may live then that
// invalidateTag(), called again, does not remove. Mend the order of things.

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
      // A hash: the value, and a field for each tag that the entry has now.
      const fields = Object.fromEntries(tags.map((tag) => [tagKey(tag), '']));
      await client
        .multi()
        .del(entry)
        .hSet(entry, { value, ...fields })
        .pExpire(entry, ttlMs)
        .exec();
      for (const tag of tags) {
        await client.sAdd(tagKey(tag), entry);
        if ((await client.pTTL(tagKey(tag))) < ttlMs) await client.pExpire(tagKey(tag), ttlMs);
      }
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
