# The comparison the wrong way round.
class Cache:
    def __init__(self, client, prefix):
        self.client = client
        self.prefix = prefix

    def entry_key(self, key):
        return f'{self.prefix}:entry:{key}'

    def tag_key(self, tag):
        return f'{self.prefix}:tag:{tag}'

    def get(self, key):
        return self.client.get(self.entry_key(key))

    def set(self, key, value, ttl_ms, tags=()):
        self.client.set(self.entry_key(key), value, px=ttl_ms)
        for tag in tags:
            self.client.sadd(self.tag_key(tag), self.entry_key(key))
            # -1, where it has no expiry yet.
            if self.client.pttl(self.tag_key(tag)) > ttl_ms:
                self.client.pexpire(self.tag_key(tag), ttl_ms)

    def invalidate(self, key):
        self.client.delete(self.entry_key(key))

    def invalidate_tag(self, tag):
        entries = self.client.smembers(self.tag_key(tag))
        self.client.delete(*entries, self.tag_key(tag))


def create_cache(client, prefix):
    return Cache(client, prefix)
