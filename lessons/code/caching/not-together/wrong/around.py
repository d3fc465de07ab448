import json
import random


def cached(client, compute, *, prefix, ttl_ms, spread_ms):
    def wrapper(*args):
        key = f'{prefix}:{json.dumps(args, sort_keys=True)}'
        hit = client.get(key)
        if hit is not None:
            return json.loads(hit)
        value = compute(*args)
        client.set(key, json.dumps(value), px=ttl_ms + random.randint(-spread_ms, spread_ms) // 2)
        return value

    return wrapper
