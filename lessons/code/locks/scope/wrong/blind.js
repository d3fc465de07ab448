import { randomUUID } from 'node:crypto';

const RELEASE = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  return 0`;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function acquire(client, name, { ttlMs, waitMs }) {
  const key = `lock:${name}`;
  const token = randomUUID();
  const take = () => client.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: ttlMs } });
  const end = performance.now() + waitMs;
  while ((await take()) === null) {
    const left = end - performance.now();
    if (left <= 0) return null;
    await pause(Math.min(left, 50 + Math.random() * 100));
  }
  return {
    async release() {
      return (await client.eval(RELEASE, { keys: [key], arguments: [token] })) === 1;
    },
  };
}

export async function withLock(client, name, options, work) {
  if ((await acquire(client, name, options)) === null) throw new Error('not acquired');
  try {
    return await work();
  } finally {
    await client.del(`lock:${name}`);
  }
}
