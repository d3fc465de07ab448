const TAKE = `
  if redis.call('EXISTS', KEYS[1]) == 1 then return false end
  local fence = redis.call('INCR', KEYS[2])
  redis.call('SET', KEYS[1], fence, 'PX', ARGV[1])
  return fence`;

export async function acquire(client, name, { ttlMs }) {
  return client.eval(TAKE, { keys: [`lock:${name}`, `fence:${name}`], arguments: [String(ttlMs)] });
}

export async function save(client, name, fence, text) {
  await client.set(name, text);
  return true;
}
