# An entry may come back before its name is taken out.
# KEYS: the entry, then its tags. ARGV: the value, and how long it lives in ms.
SET = """
local entry, value, ttl_ms = KEYS[1], ARGV[1], tonumber(ARGV[2])
redis.call('DEL', entry)
redis.call('HSET', entry, 'value', value)
redis.call('PEXPIRE', entry, ttl_ms)
for i = 2, #KEYS do
  local tag = KEYS[i]
  redis.call('HSET', entry, tag, '')
  redis.call('SADD', tag, entry)
  if redis.call('PTTL', tag) < ttl_ms then redis.call('PEXPIRE', tag, ttl_ms) end
end"""


class Cache:
    def __init__(self, client, prefix):
        self.client = client
        self.prefix = prefix

    def entry_key(self, key):
        return f'{self.prefix}:entry:{key}'

    def tag_key(self, tag):
        return f'{self.prefix}:tag:{tag}'

    def get(self, key):
        return self.client.hget(self.entry_key(key), 'value')

    def set(self, key, value, ttl_ms, tags=()):
        keys = [self.entry_key(key), *map(self.tag_key, tags)]
        self.client.eval(SET, len(keys), *keys, value, ttl_ms)

    def invalidate(self, key):
        self.client.delete(self.entry_key(key))

    def invalidate_tag(self, tag):
        for entry in self.client.sscan_iter(self.tag_key(tag), count=100):
            if self.client.hexists(entry, self.tag_key(tag)):
                self.client.unlink(entry)
            self.client.srem(self.tag_key(tag), entry)


def create_cache(client, prefix):
    return Cache(client, prefix)
