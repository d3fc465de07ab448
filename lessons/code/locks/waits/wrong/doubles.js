import { randomUUID } from 'node:crypto';

const RELEASE = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  return 0`;

export async function acquire(client, name, { ttlMs, waitMs }) {
  const key = `lock:${name}`;
  const token = randomUUID();
  const take = () => client.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: ttlMs } });
  const end = performance.now() + waitMs;
  // Longer each time, and the same for all.
  for (let pause = 25; (await take()) === null; pause = Math.min(2 * pause, 400)) {
    const left = end - performance.now();
    if (left <= 0) return null;
    await new Promise((done) => setTimeout(done, Math.min(left, pause)));
  }
  return {
    async release() {
      return (await client.eval(RELEASE, { keys: [key], arguments: [token] })) === 1;
    },
  };
}
