// sell() takes pieces off stock:ITEM for each sale, all in one transaction. It answers
// what is left of each, or { error } where a command failed. Mend what it answers.
import type { RedisClientType } from 'redis';

export async function sell(client: RedisClientType, sales: { item: string; pieces: number }[]) {
  const multi = client.multi();
  for (const { item, pieces } of sales) multi.decrBy(`stock:${item}`, pieces);
  return multi.exec();
}
