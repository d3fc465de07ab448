// acquire() takes `lock:NAME` and gives a lease, or null where somebody else has it.
// release() lets go of it, and answers whether it was still yours. Mend release().
import { randomUUID } from 'node:crypto';

/**
 * @param {import('redis').RedisClientType} client
 * @param {string} name
 * @param {{ ttlMs: number }} options
 */
export async function acquire(client, name, { ttlMs }) {
  const key = `lock:${name}`;
  const token = randomUUID();
  const reply = await client.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: ttlMs } });
  if (reply === null) return null;
  return {
    async release() {
      return (await client.del(key)) === 1;
    },
  };
}
