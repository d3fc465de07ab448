// transfer() moves points:FROM to points:TO, all or nothing. total() adds up points.
// Nobody's death loses a point, and nobody counts what is on its way. Mend both.
import type { RedisClientType } from 'redis';

export async function transfer(client: RedisClientType, from: string, to: string, points: number): Promise<void> {
  await client.decrBy(`points:${from}`, points);
  await client.incrBy(`points:${to}`, points);
}

export async function total(client: RedisClientType, names: string[]): Promise<number> {
  let sum = 0;
  for (const name of names) sum += Number((await client.get(`points:${name}`)) ?? 0);
  return sum;
}
