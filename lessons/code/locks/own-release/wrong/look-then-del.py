from uuid import uuid4


class Lease:
    def __init__(self, client, key, token):
        self.client, self.key, self.token = client, key, token

    def release(self):
        if self.client.get(self.key) != self.token:
            return False
        return self.client.delete(self.key) == 1


def acquire(client, name, *, ttl_ms):
    key, token = f'lock:{name}', str(uuid4())
    if not client.set(key, token, nx=True, px=ttl_ms):
        return None
    return Lease(client, key, token)
