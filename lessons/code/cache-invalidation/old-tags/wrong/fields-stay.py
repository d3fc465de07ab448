# The fields of the old tags stay.
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
        entry = self.entry_key(key)
        # A hash: the value, and a field for each tag that the entry has now.
        fields = {self.tag_key(tag): '' for tag in tags}
        with self.client.pipeline() as pipe:
            pipe.hset(entry, mapping={'value': value, **fields})
            pipe.pexpire(entry, ttl_ms).execute()
        for tag in fields:
            self.client.sadd(tag, entry)
            if self.client.pttl(tag) < ttl_ms:
                self.client.pexpire(tag, ttl_ms)

    def invalidate(self, key):
        self.client.delete(self.entry_key(key))

    def invalidate_tag(self, tag):
        for entry in self.client.smembers(self.tag_key(tag)):
            if self.client.hexists(entry, self.tag_key(tag)):
                self.client.delete(entry)
        self.client.delete(self.tag_key(tag))


def create_cache(client, prefix):
    return Cache(client, prefix)
