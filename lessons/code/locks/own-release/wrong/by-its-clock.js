import { randomUUID } from 'node:crypto';

export async function acquire(client, name, { ttlMs }) {
  const key = `lock:${name}`;
  const token = randomUUID();
  const reply = await client.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: ttlMs } });
  if (reply === null) return null;
  const ends = performance.now() + ttlMs;
  return {
    async release() {
      // Still ours, by our own clock.
      if (performance.now() >= ends) return false;
      return (await client.del(key)) === 1;
    },
  };
}
