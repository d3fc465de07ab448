def acquire(client, name, token, ttl_ms):
    key = f'lock:{name}'
    if not client.setnx(key, token):
        return False
    client.pexpire(key, ttl_ms)
    return True
