// A cache with tags: set() lists an entry under each of its tags, invalidate() removes one entry,
// invalidateTag() all that have the tag, and no others. Any text may be a key or a tag.

/**
 * @param {import('redis').RedisClientType} client
 * @param {{ prefix: string }} options  All that this cache keeps in Redis begins with the prefix.
 */
export function createCache(client, { prefix }) {
  return {
    /** @param {string} key  @returns {Promise<string | null>} */
    async get(key) {
      return client.get(`${prefix}:${key}`);
    },

    /** @param {string} key  @param {string} value  @param {{ ttlMs: number, tags?: string[] }} options */
    async set(key, value, { ttlMs, tags = [] }) {
      await client.set(`${prefix}:${key}`, value, { expiration: { type: 'PX', value: ttlMs } });
      for (const tag of tags) {
        // List the entry under the tag.
      }
    },

    /** @param {string} key */
    async invalidate(key) {
      await client.del(`${prefix}:${key}`);
    },

    /** @param {string} tag */
    async invalidateTag(tag) {},
  };
}
