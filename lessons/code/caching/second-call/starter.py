# Keep each result of `compute` in Redis, as JSON under a key that begins with `prefix`, for `ttl_ms` milliseconds.
# The next call with the same arguments answers from there. Nothing may stay without an end.
import json
from functools import wraps


def cached(client, compute, *, prefix: str, ttl_ms: int):
    @wraps(compute)
    def wrapper(*args):
        key = f'{prefix}:{":".join(map(str, args))}'
        value = compute(*args)
        client.set(key, json.dumps(value))
        client.pexpire(key, ttl_ms)
        return value

    return wrapper
