// A tag has to live as long as the longest of its entries, and not for ever.
// Here it gets the time of the entry that came last, as in the guide. Mend that.
import type { RedisClientType } from 'redis';

interface SetOptions {
  ttlMs: number;
  tags?: string[];
}

export function createCache(client: RedisClientType, { prefix }: { prefix: string }) {
  const entryKey = (key: string) => `${prefix}:entry:${key}`;
  const tagKey = (tag: string) => `${prefix}:tag:${tag}`;

  return {
    get: (key: string): Promise<string | null> => client.get(entryKey(key)),

    async set(key: string, value: string, { ttlMs, tags = [] }: SetOptions): Promise<void> {
      await client.set(entryKey(key), value, { expiration: { type: 'PX', value: ttlMs } });
      for (const tag of tags) {
        await client.sAdd(tagKey(tag), entryKey(key));
        await client.pExpire(tagKey(tag), ttlMs);
      }
    },

    async invalidate(key: string): Promise<void> {
      await client.del(entryKey(key));
    },

    async invalidateTag(tag: string): Promise<void> {
      const entries = await client.sMembers(tagKey(tag));
      await client.del([...entries, tagKey(tag)]);
    },
  };
}
