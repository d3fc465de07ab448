// Run the work with the lock, and let go whatever happens. Where the lock is not
// to be had, nothing runs, and withLock() throws an error. Mend withLock().
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

/**
 * @template T
 * @param {import('redis').RedisClientType} client
 * @param {string} name
 * @param {{ ttlMs: number, waitMs: number }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(client, name, options, work) {
  const lease = await acquire(client, name, options);
  const result = await work();
  await lease?.release();
  return result;
}
