// Two servers use this cache at once. Whatever the order of their commands, no entry may be left
// that its tags don't list, and no tag may end before its entries. Mend set() and invalidateTag().
import type { RedisClientType } from 'redis';

interface SetOptions {
  ttlMs: number;
  tags?: string[];
}

export function createCache(client: RedisClientType, { prefix }: { prefix: string }) {
  const entryKey = (key: string) => `${prefix}:entry:${key}`;
  const tagKey = (tag: string) => `${prefix}:tag:${tag}`;

  return {
    get: (key: string): Promise<string | null> => client.hGet(entryKey(key), 'value'),

    async set(key: string, value: string, { ttlMs, tags = [] }: SetOptions): Promise<void> {
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

    async invalidate(key: string): Promise<void> {
      await client.del(entryKey(key));
    },

    async invalidateTag(tag: string): Promise<void> {
      for (const entry of await client.sMembers(tagKey(tag)))
        if (await client.hExists(entry, tagKey(tag))) await client.del(entry);
      await client.del(tagKey(tag));
    },
  };
}
