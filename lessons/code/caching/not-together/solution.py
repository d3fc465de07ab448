import json
import random
from functools import wraps


def cached(client, compute, *, prefix, ttl_ms, spread_ms):
    @wraps(compute)
    def wrapper(*args, **kwargs):
        key = f'{prefix}:{json.dumps([args, kwargs], sort_keys=True)}'
        hit = client.get(key)
        if hit is not None:
            return json.loads(hit)
        value = compute(*args, **kwargs)
        client.set(key, json.dumps(value), px=ttl_ms - random.randrange(spread_ms))
        return value

    return wrapper
