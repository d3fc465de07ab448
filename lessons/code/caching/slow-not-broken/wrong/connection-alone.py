import json

from redis import ConnectionError


def cached(client, compute, *, prefix, ttl_ms):
    def wrapper(*args):
        key = f'{prefix}:{json.dumps(args, sort_keys=True)}'
        try:
            hit = client.get(key)
        except ConnectionError:
            hit = None
        if hit is not None:
            return json.loads(hit)
        value = compute(*args)
        try:
            client.set(key, json.dumps(value), px=ttl_ms)
        except ConnectionError:
            pass
        return value

    return wrapper
