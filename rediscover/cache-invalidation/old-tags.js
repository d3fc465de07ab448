// An entry goes with the tags that it was set with last, and with no others:
// also where it was set again, invalidated, or had expired in between. Mend set() and invalidateTag().

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
    get: (key) => client.get(entryKey(key)),

    /** @param {string} key  @param {string} value  @param {{ ttlMs: number, tags?: string[] }} options */
    async set(key, value, { ttlMs, tags = [] }) {
      await client.set(entryKey(key), value, { expiration: { type: 'PX', value: ttlMs } });
      for (const tag of tags) {
        await client.sAdd(tagKey(tag), entryKey(key));
        // -1, where it has no expiry yet.
        if ((await client.pTTL(tagKey(tag))) < ttlMs) await client.pExpire(tagKey(tag), ttlMs);
      }
    },

    /** @param {string} key */
    async invalidate(key) {
      await client.del(entryKey(key));
    },

    /** @param {string} tag */
    async invalidateTag(tag) {
      const entries = await client.sMembers(tagKey(tag));
      await client.del([...entries, tagKey(tag)]);
    },
  };
}
