# Different questions have different entries, and the same question has one: f(1) is not f('1'), f('a:b', 'c') is not
# f('a', 'b:c'), and a dict's items may stand in any order. Only the key is wrong here.
import json
from functools import wraps


def cached(client, compute, *, prefix: str, ttl_ms: int):
    @wraps(compute)
    def wrapper(*args):
        key = f'{prefix}:{":".join(map(str, args))}'
        hit = client.get(key)
        if hit is not None:
            return json.loads(hit)
        value = compute(*args)
        client.set(key, json.dumps(value), px=ttl_ms)
        return value

    return wrapper
