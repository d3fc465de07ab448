// An entry goes with the tags that it was set with last, and with no others:
// also where it was set again, invalidated, or had expired in between. Mend set() and invalidateTag().
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
        // -1, where it has no expiry yet.
        if ((await client.pTTL(tagKey(tag))) < ttlMs) await client.pExpire(tagKey(tag), ttlMs);
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
