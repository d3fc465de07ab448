from uuid import uuid4

SAVE = """
local newest = tonumber(redis.call('GET', KEYS[2]) or '0')
if tonumber(ARGV[1]) < newest then return 0 end
redis.call('SET', KEYS[2], ARGV[1])
redis.call('SET', KEYS[1], ARGV[2])
return 1
"""


def acquire(client, name, *, ttl_ms):
    fence = client.incr(f'fence:{name}')
    return fence if client.set(f'lock:{name}', str(uuid4()), nx=True, px=ttl_ms) else None


def save(client, name, fence, text):
    return client.eval(SAVE, 2, name, f'saved:{name}', fence, text) == 1
