import json
import time
from contextlib import suppress
from functools import wraps
from uuid import uuid4

from redis import RedisError

# Seconds until whoever waits looks again.
PAUSE = 0.1
# A lock that ended by itself may be another's by now.
RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


def cached(client, compute, *, prefix, ttl_ms, lock_ms):
    @wraps(compute)
    def wrapper(*args, **kwargs):
        key = f'{prefix}:{json.dumps([args, kwargs], sort_keys=True)}'
        lock, token, locked = f'lock:{key}', str(uuid4()), False
        # No Redis, or no JSON: compute without asking anybody.
        with suppress(RedisError, ValueError):
            while True:
                hit = client.get(key)
                if hit is not None:
                    return json.loads(hit)
                # It was looked once more since the lock is ours: nobody has computed it.
                if locked:
                    break
                locked = bool(client.setnx(lock, token))
                if locked:
                    client.pexpire(lock, lock_ms)
                if not locked:
                    time.sleep(PAUSE)
        try:
            value = compute(*args, **kwargs)
            with suppress(RedisError, TypeError, ValueError):
                client.set(key, json.dumps(value), px=ttl_ms)
            return value
        finally:
            if locked:
                with suppress(RedisError):
                    client.eval(RELEASE, 1, lock, token)

    return wrapper
