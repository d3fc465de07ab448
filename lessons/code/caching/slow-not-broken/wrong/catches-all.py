import json


def cached(client, compute, *, prefix, ttl_ms):
    def wrapper(*args):
        key = f'{prefix}:{json.dumps(args, sort_keys=True)}'
        try:
            hit = client.get(key)
            if hit is not None:
                return json.loads(hit)
            value = compute(*args)
            client.set(key, json.dumps(value), px=ttl_ms)
            return value
        except Exception:
            return compute(*args)

    return wrapper
