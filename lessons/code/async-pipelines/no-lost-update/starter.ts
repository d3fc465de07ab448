// update() changes the number under key: change(number) gives the new one, which comes back.
// No update may be lost, whoever else is at work. Mend it.
import type { RedisClientType } from 'redis';

export async function update(
  client: RedisClientType,
  key: string,
  change: (value: number) => Promise<number>,
): Promise<number> {
  const value = await change(Number((await client.get(key)) ?? 0));
  await client.set(key, String(value));
  return value;
}
