// A tag may have very many entries. Let invalidateTag() go in steps: no command, script or transaction
// reads, names or removes more than 100 of them. Others set entries meanwhile, and it may die on the way.
import type { RedisClientType } from 'redis';

interface SetOptions {
  ttlMs: number;
  tags?: string[];
}

// KEYS: the entry, then its tags. ARGV: the value, and how long it lives in ms.
const SET = `
local entry, value, ttlMs = KEYS[1], ARGV[1], tonumber(ARGV[2])
redis.call('DEL', entry)
redis.call('HSET', entry, 'value', value)
redis.call('PEXPIRE', entry, ttlMs)
for i = 2, #KEYS do
  local tag = KEYS[i]
  redis.call('HSET', entry, tag, '')
  redis.call('SADD', tag, entry)
  if redis.call('PTTL', tag) < ttlMs then redis.call('PEXPIRE', tag, ttlMs) end
end`;

// KEYS: the tag.
const INVALIDATE = `
for _, entry in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  if redis.call('HEXISTS', entry, KEYS[1]) == 1 then redis.call('DEL', entry) end
end
redis.call('DEL', KEYS[1])`;

export function createCache(client: RedisClientType, { prefix }: { prefix: string }) {
  const entryKey = (key: string) => `${prefix}:entry:${key}`;
  const tagKey = (tag: string) => `${prefix}:tag:${tag}`;

  return {
    get: (key: string): Promise<string | null> => client.hGet(entryKey(key), 'value'),

    async set(key: string, value: string, { ttlMs, tags = [] }: SetOptions): Promise<void> {
      const keys = [entryKey(key), ...tags.map(tagKey)];
      await client.eval(SET, { keys, arguments: [value, String(ttlMs)] });
    },

    async invalidate(key: string): Promise<void> {
      await client.del(entryKey(key));
    },

    async invalidateTag(tag: string): Promise<void> {
      await client.eval(INVALIDATE, { keys: [tagKey(tag)] });
    },
  };
}
