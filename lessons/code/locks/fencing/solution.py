from uuid import uuid4

TAKE = """
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
return redis.call('INCR', KEYS[2])
"""

SAVE = """
local newest = tonumber(redis.call('GET', KEYS[2]) or '0')
if tonumber(ARGV[1]) < newest then return 0 end
redis.call('SET', KEYS[2], ARGV[1])
redis.call('SET', KEYS[1], ARGV[2])
return 1
"""


def acquire(client, name, *, ttl_ms):
    token = str(uuid4())
    fence = client.eval(TAKE, 2, f'lock:{name}', f'fence:{name}', token, ttl_ms)
    return None if fence is None else {'token': token, 'fence': fence}


def save(client, name, fence, text):
    return client.eval(SAVE, 2, name, f'saved:{name}', fence, text) == 1
