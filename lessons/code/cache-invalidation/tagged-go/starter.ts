// A cache with tags: set() lists an entry under each of its tags, invalidate() removes one entry,
// invalidateTag() all that have the tag, and no others. Any text may be a key or a tag.
import type { RedisClientType } from 'redis';

interface SetOptions {
  ttlMs: number;
  tags?: string[];
}

/** All that this cache keeps in Redis begins with the prefix. */
export function createCache(client: RedisClientType, { prefix }: { prefix: string }) {
  return {
    async get(key: string): Promise<string | null> {
      return client.get(`${prefix}:${key}`);
    },

    async set(key: string, value: string, { ttlMs, tags = [] }: SetOptions): Promise<void> {
      await client.set(`${prefix}:${key}`, value, { expiration: { type: 'PX', value: ttlMs } });
      for (const tag of tags) {
        // List the entry under the tag.
      }
    },

    async invalidate(key: string): Promise<void> {
      await client.del(`${prefix}:${key}`);
    },

    async invalidateTag(tag: string): Promise<void> {},
  };
}
