import json
from contextlib import suppress
from functools import wraps

from redis import RedisError


def cached(client, compute, *, prefix, ttl_ms):
    @wraps(compute)
    def wrapper(*args, **kwargs):
        key = f'{prefix}:{json.dumps([args, kwargs], sort_keys=True)}'
        # No Redis, or no JSON: a miss.
        with suppress(RedisError, ValueError):
            hit = client.get(key)
            if hit is not None:
                return json.loads(hit)
        value = compute(*args, **kwargs)
        # Whoever asks has the value, whatever becomes of the entry.
        with suppress(RedisError, TypeError, ValueError):
            client.set(key, json.dumps(value), px=ttl_ms)
        return value

    return wrapper
