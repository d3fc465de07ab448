from uuid import uuid4

RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""

EXTEND = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""


class Lease:
    def __init__(self, client, key, token):
        self.client, self.key, self.token = client, key, token

    def extend(self, ms):
        return bool(self.client.pexpire(self.key, ms))

    def release(self):
        return self.client.eval(RELEASE, 1, self.key, self.token) == 1


def acquire(client, name, *, ttl_ms):
    key, token = f'lock:{name}', str(uuid4())
    if not client.set(key, token, nx=True, px=ttl_ms):
        return None
    return Lease(client, key, token)
