# The guide's decorator as it stands there, and below it what makes it cached().
import redis
import json
import hashlib
from functools import wraps
from typing import Any

r = redis.Redis(host='localhost', port=6379, decode_responses=True)

def cache(ttl: int = 300, prefix: str = "cache"):
    """Decorator to cache function results in Redis."""
    def decorator(func):
        @wraps(func)
        def wrapper(*args, **kwargs):
            # Create cache key from function name and arguments
            key_data = f"{func.__name__}:{args}:{sorted(kwargs.items())}"
            cache_key = f"{prefix}:{hashlib.md5(key_data.encode()).hexdigest()}"

            # Try to get from cache
            cached = r.get(cache_key)
            if cached is not None:
                return json.loads(cached)

            # Call function and cache result
            result = func(*args, **kwargs)
            r.setex(cache_key, ttl, json.dumps(result))

            return result
        return wrapper
    return decorator


def cached(client, compute, *, prefix, ttl_ms, spread_ms):
    global r
    r = client
    return cache(ttl=ttl_ms // 1000, prefix=prefix)(compute)
