# A cache with tags: set() lists an entry under each of its tags, invalidate() removes one entry,
# invalidate_tag() all that have the tag, and no others. Any text may be a key or a tag.


class Cache:
    def __init__(self, client, prefix):
        self.client = client
        self.prefix = prefix

    def get(self, key):
        return self.client.get(f'{self.prefix}:{key}')

    def set(self, key, value, ttl_ms, tags=()):
        self.client.set(f'{self.prefix}:{key}', value, px=ttl_ms)
        for tag in tags:
            pass  # List the entry under the tag.

    def invalidate(self, key):
        self.client.delete(f'{self.prefix}:{key}')

    def invalidate_tag(self, tag):
        pass


def create_cache(client, prefix):
    """All that this cache keeps in Redis begins with the prefix."""
    return Cache(client, prefix)
