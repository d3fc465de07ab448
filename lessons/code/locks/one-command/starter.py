# Take the lock `lock:NAME` with your token, for ttl_ms milliseconds.
# Answer True where you got it, and False where somebody else has it.


def acquire(client, name, token, ttl_ms):
    key = f'lock:{name}'
    if client.exists(key):
        return False
    client.set(key, token)
    client.pexpire(key, ttl_ms)
    return True
