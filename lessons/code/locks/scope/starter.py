# Run the work with the lock, and let go whatever happens. Where the lock is not
# to be had, nothing runs, and with_lock() raises an error. Mend with_lock().
import random
import time
from uuid import uuid4

RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class Lease:
    def __init__(self, client, key, token):
        self.client, self.key, self.token = client, key, token

    def release(self):
        return self.client.eval(RELEASE, 1, self.key, self.token) == 1


def acquire(client, name, *, ttl_ms, wait_ms):
    key, token = f'lock:{name}', str(uuid4())
    end = time.monotonic() + wait_ms / 1000
    while not client.set(key, token, nx=True, px=ttl_ms):
        left = end - time.monotonic()
        if left <= 0:
            return None
        time.sleep(min(left, random.uniform(0.05, 0.15)))
    return Lease(client, key, token)


def with_lock(client, name, work=None, *, ttl_ms, wait_ms):
    lease = acquire(client, name, ttl_ms=ttl_ms, wait_ms=wait_ms)
    result = work()
    if lease:
        lease.release()
    return result
