# What is tagged, this process alone knows.
class Cache:
    def __init__(self, client, prefix):
        self.client = client
        self.prefix = prefix
        self.tags = {}

    def entry_key(self, key):
        return f'{self.prefix}:entry:{key}'

    def tag_key(self, tag):
        return f'{self.prefix}:tag:{tag}'

    def get(self, key):
        return self.client.get(self.entry_key(key))

    def set(self, key, value, ttl_ms, tags=()):
        self.client.set(self.entry_key(key), value, px=ttl_ms)
        for tag in tags:
            self.tags.setdefault(tag, set()).add(self.entry_key(key))

    def invalidate(self, key):
        self.client.delete(self.entry_key(key))

    def invalidate_tag(self, tag):
        for entry in self.tags.pop(tag, ()):
            self.client.delete(entry)


def create_cache(client, prefix):
    return Cache(client, prefix)
