from functools import lru_cache


def cached(client, compute, *, prefix, ttl_ms):
    return lru_cache(maxsize=1000)(compute)
