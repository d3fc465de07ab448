def acquire(client, name, token, ttl_ms):
    return client.set(f'lock:{name}', token, nx=True, px=ttl_ms) is True
