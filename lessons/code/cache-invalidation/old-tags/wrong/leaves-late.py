# Leaves all tags as it is invalidated, and none as it is set again.
class Cache:
    def __init__(self, client, prefix):
        self.client = client
        self.prefix = prefix

    def get(self, key):
        return self.client.get(f'{self.prefix}:entry:{key}')

    def set(self, key, value, ttl_ms, tags=()):
        self.client.set(f'{self.prefix}:entry:{key}', value, px=ttl_ms)
        for tag in tags:
            name = f'{self.prefix}:tag:{tag}'
            self.client.sadd(name, key)
            if self.client.pttl(name) < ttl_ms:
                self.client.pexpire(name, ttl_ms)

    def invalidate(self, key):
        self.client.delete(f'{self.prefix}:entry:{key}')
        for name in self.client.scan_iter(f'{self.prefix}:tag:*'):
            self.client.srem(name, key)

    def invalidate_tag(self, tag):
        for key in self.client.smembers(f'{self.prefix}:tag:{tag}'):
            self.invalidate(key)


def create_cache(client, prefix):
    return Cache(client, prefix)
