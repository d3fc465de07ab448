# The guide's own, word for word; Cache below gives it this exercise's names.
class CacheManager:
    """Manage cache with invalidation support."""

    def __init__(self, redis_client, prefix: str = "cache"):
        self.r = redis_client
        self.prefix = prefix

    def get(self, key: str) -> str:
        return self.r.get(f"{self.prefix}:{key}")

    def set(self, key: str, value: str, ttl: int = 300, tags: list = None):
        """Set cache with optional tags for group invalidation."""
        full_key = f"{self.prefix}:{key}"
        self.r.setex(full_key, ttl, value)

        # Store key in tag sets for group invalidation
        if tags:
            for tag in tags:
                self.r.sadd(f"{self.prefix}:tag:{tag}", full_key)
                self.r.expire(f"{self.prefix}:tag:{tag}", ttl)

    def invalidate(self, key: str):
        """Invalidate a single cache key."""
        self.r.delete(f"{self.prefix}:{key}")

    def invalidate_by_tag(self, tag: str):
        """Invalidate all keys with a specific tag."""
        tag_key = f"{self.prefix}:tag:{tag}"
        keys = self.r.smembers(tag_key)
        if keys:
            self.r.delete(*keys)
        self.r.delete(tag_key)


class Cache:
    def __init__(self, manager):
        self.manager = manager
        self.get = manager.get
        self.invalidate = manager.invalidate
        self.invalidate_tag = manager.invalidate_by_tag

    def set(self, key, value, ttl_ms, tags=()):
        self.manager.set(key, value, ttl=ttl_ms // 1000, tags=list(tags))


def create_cache(client, prefix):
    return Cache(CacheManager(client, prefix))
