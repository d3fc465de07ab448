TAKE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local fence = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], fence, 'PX', ARGV[1])
return fence
"""


def acquire(client, name, *, ttl_ms):
    return client.eval(TAKE, 2, f'lock:{name}', f'fence:{name}', ttl_ms)


def save(client, name, fence, text):
    if fence < int(client.get(f'saved:{name}') or 0):
        return False
    client.mset({f'saved:{name}': fence, name: text})
    return True
