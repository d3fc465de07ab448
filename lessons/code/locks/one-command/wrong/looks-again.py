def acquire(client, name, token, ttl_ms):
    key = f'lock:{name}'
    if client.get(key) is not None:
        return False
    client.set(key, token, px=ttl_ms)
    return client.get(key) == token
