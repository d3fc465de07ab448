// A tag may have very many entries. Let invalidateTag() go in steps: no command, script or transaction
// reads, names or removes more than 100 of them. Others set entries meanwhile, and it may die on the way.

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
      await client.eval(INVALIDATE, { keys: [tagKey(tag)] });
    },
  };
}
