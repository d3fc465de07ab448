// All of the cache's promises, and one more: names of entries that have gone by themselves
// don't pile up in a tag that is used all the time. Finish it.
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

// KEYS: the tag. ARGV: how many entries at most. Answers how many names it took.
const STEP = `
local entries = redis.call('SPOP', KEYS[1], ARGV[1])
for _, entry in ipairs(entries) do
  if redis.call('HEXISTS', entry, KEYS[1]) == 1 then redis.call('UNLINK', entry) end
end
return #entries`;
const AT_ONCE = '100';

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
      const step = { keys: [tagKey(tag)], arguments: [AT_ONCE] };
      while (Number(await client.eval(STEP, step)) > 0) continue;
    },
  };
}
