// All of the cache's promises, and one more: names of entries that have gone by themselves
// don't pile up in a tag that is used all the time. Finish it.

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
      const keys = [entryKey(key), ...tags.map(tagKey)];
      await client.eval(SET, { keys, arguments: [value, String(ttlMs)] });
    },

    /** @param {string} key */
    async invalidate(key) {
      await client.del(entryKey(key));
    },

    /** @param {string} tag */
    async invalidateTag(tag) {
      const step = { keys: [tagKey(tag)], arguments: [AT_ONCE] };
      while ((await client.eval(STEP, step)) > 0) continue;
    },
  };
}
