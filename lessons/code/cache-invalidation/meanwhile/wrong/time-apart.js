// The tag's expiry is read, and then set.
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
end`;

// KEYS: the tag.
const INVALIDATE = `
for _, entry in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  if redis.call('HEXISTS', entry, KEYS[1]) == 1 then redis.call('DEL', entry) end
end
redis.call('DEL', KEYS[1])`;

export function createCache(client, { prefix }) {
  const entryKey = (key) => `${prefix}:entry:${key}`;
  const tagKey = (tag) => `${prefix}:tag:${tag}`;

  return {
    get: (key) => client.hGet(entryKey(key), 'value'),

    async set(key, value, { ttlMs, tags = [] }) {
      const keys = [entryKey(key), ...tags.map(tagKey)];
      await client.eval(SET, { keys, arguments: [value, String(ttlMs)] });
      for (const tag of tags)
        if ((await client.pTTL(tagKey(tag))) < ttlMs) await client.pExpire(tagKey(tag), ttlMs);
    },

    async invalidate(key) {
      await client.del(entryKey(key));
    },

    async invalidateTag(tag) {
      await client.eval(INVALIDATE, { keys: [tagKey(tag)] });
    },
  };
}
