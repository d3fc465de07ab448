import { randomUUID } from 'node:crypto';

const RELEASE = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  return 0`;

export async function acquire(client, name, { ttlMs }) {
  const key = `lock:${name}`;
  const token = randomUUID();
  const reply = await client.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: ttlMs } });
  if (reply === null) return null;
  return {
    async release() {
      await client.eval(RELEASE, { keys: [key], arguments: [token] });
      return true;
    },
  };
}
