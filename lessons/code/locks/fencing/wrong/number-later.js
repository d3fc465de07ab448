import { randomUUID } from 'node:crypto';

const SAVE = `
  local newest = tonumber(redis.call('GET', KEYS[2]) or '0')
  if tonumber(ARGV[1]) < newest then return 0 end
  redis.call('SET', KEYS[2], ARGV[1])
  redis.call('SET', KEYS[1], ARGV[2])
  return 1`;

export async function acquire(client, name, { ttlMs }) {
  const key = `lock:${name}`;
  const token = randomUUID();
  const reply = await client.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: ttlMs } });
  if (reply === null) return null;
  const fence = await client.incr(`fence:${name}`);
  return { token, fence };
}

export async function save(client, name, fence, text) {
  const keys = [name, `saved:${name}`];
  return (await client.eval(SAVE, { keys, arguments: [String(fence), text] })) === 1;
}
