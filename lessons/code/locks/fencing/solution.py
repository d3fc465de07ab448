TAKE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local fence = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], fence, 'PX', ARGV[1])
return fence
"""

SAVE = """
local newest = tonumber(redis.call('GET', KEYS[2]) or '0')
if tonumber(ARGV[1]) < newest then return 0 end
redis.call('SET', KEYS[2], ARGV[1])
redis.call('SET', KEYS[1], ARGV[2])
return 1
"""


def acquire(client, name, *, ttl_ms):
    return client.eval(TAKE, 2, f'lock:{name}', f'fence:{name}', ttl_ms)


def save(client, name, fence, text):
    return client.eval(SAVE, 2, name, f'saved:{name}', fence, text) == 1
