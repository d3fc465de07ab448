import json


def cached(client, compute, *, prefix, ttl_ms):
    def wrapper(*args):
        key = f'{prefix}:{":".join(map(str, args))}'
        if client.exists(key):
            return json.loads(client.get(key))
        value = compute(*args)
        client.setnx(key, json.dumps(value))
        client.pexpire(key, ttl_ms)
        return value

    return wrapper
