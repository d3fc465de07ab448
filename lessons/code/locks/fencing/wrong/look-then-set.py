from uuid import uuid4

TAKE = """
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
return redis.call('INCR', KEYS[2])
"""


def acquire(client, name, *, ttl_ms):
    token = str(uuid4())
    fence = client.eval(TAKE, 2, f'lock:{name}', f'fence:{name}', token, ttl_ms)
    return None if fence is None else {'token': token, 'fence': fence}


def save(client, name, fence, text):
    if fence < int(client.get(f'saved:{name}') or 0):
        return False
    client.set(f'saved:{name}', fence)
    client.set(name, text)
    return True
