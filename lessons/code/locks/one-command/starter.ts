// Take the lock `lock:NAME` with your token, for ttlMs milliseconds.
// Answer true where you got it, and false where somebody else has it.
import type { RedisClientType } from 'redis';

export async function acquire(client: RedisClientType, name: string, token: string, ttlMs: number): Promise<boolean> {
  const key = `lock:${name}`;
  if (await client.exists(key)) return false;
  await client.set(key, token);
  await client.pExpire(key, ttlMs);
  return true;
}
