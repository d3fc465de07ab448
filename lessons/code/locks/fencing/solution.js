import { randomUUID } from 'node:crypto';

const TAKE = `
  if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
  return redis.call('INCR', KEYS[2])`;

const SAVE = `
  local newest = tonumber(redis.call('GET', KEYS[2]) or '0')
  if tonumber(ARGV[1]) < newest then return 0 end
  redis.call('SET', KEYS[2], ARGV[1])
  redis.call('SET', KEYS[1], ARGV[2])
  return 1`;

export async function acquire(client, name, { ttlMs }) {
  const token = randomUUID();
  const keys = [`lock:${name}`, `fence:${name}`];
  const fence = await client.eval(TAKE, { keys, arguments: [token, String(ttlMs)] });
  return fence === null ? null : { token, fence };
}

export async function save(client, name, fence, text) {
  const keys = [name, `saved:${name}`];
  return (await client.eval(SAVE, { keys, arguments: [String(fence), text] })) === 1;
}
