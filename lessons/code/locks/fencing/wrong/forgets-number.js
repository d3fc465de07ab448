const TAKE = `
  if redis.call('EXISTS', KEYS[1]) == 1 then return false end
  local fence = redis.call('INCR', KEYS[2])
  redis.call('SET', KEYS[1], fence, 'PX', ARGV[1])
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
  return fence`;

const SAVE = `
  local newest = tonumber(redis.call('GET', KEYS[2]) or '0')
  if tonumber(ARGV[1]) < newest then return 0 end
  redis.call('SET', KEYS[2], ARGV[1])
  redis.call('SET', KEYS[1], ARGV[2])
  return 1`;

export async function acquire(client, name, { ttlMs }) {
  return client.eval(TAKE, { keys: [`lock:${name}`, `fence:${name}`], arguments: [String(ttlMs)] });
}

export async function save(client, name, fence, text) {
  const keys = [name, `saved:${name}`];
  return (await client.eval(SAVE, { keys, arguments: [String(fence), text] })) === 1;
}
