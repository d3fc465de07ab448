// invalidateTag is one step, set is not.
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

    async invalidate(key) {
      await client.del(entryKey(key));
    },

    async invalidateTag(tag) {
      await client.eval(INVALIDATE, { keys: [tagKey(tag)] });
    },
  };
}
