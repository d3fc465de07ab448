from uuid import uuid4

SAVE = """
local newest = tonumber(redis.call('GET', KEYS[2]) or '0')
if tonumber(ARGV[1]) < newest then return 0 end
redis.call('SET', KEYS[2], ARGV[1])
redis.call('SET', KEYS[1], ARGV[2])
return 1
"""


def acquire(client, name, *, ttl_ms):
    token, fence = str(uuid4()), client.incr(f'fence:{name}')
    if not client.set(f'lock:{name}', token, nx=True, px=ttl_ms):
        return None
    return {'token': token, 'fence': fence}


def save(client, name, fence, text):
    return client.eval(SAVE, 2, name, f'saved:{name}', fence, text) == 1
