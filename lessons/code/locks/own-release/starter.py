# acquire() takes `lock:NAME` and gives a lease, or None where somebody else has it.
# release() lets go of it, and answers whether it was still yours. Mend release().
from uuid import uuid4


class Lease:
    def __init__(self, client, key, token):
        self.client, self.key, self.token = client, key, token

    def release(self):
        return self.client.delete(self.key) == 1


def acquire(client, name, *, ttl_ms):
    key, token = f'lock:{name}', str(uuid4())
    if not client.set(key, token, nx=True, px=ttl_ms):
        return None
    return Lease(client, key, token)
