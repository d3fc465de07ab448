// sell() takes pieces off stock:ITEM for each sale, all in one transaction. It answers
// what is left of each, or { error } where a command failed. Mend what it answers.

/**
 * @param {import('redis').RedisClientType} client
 * @param {{ item: string, pieces: number }[]} sales
 */
export async function sell(client, sales) {
  const multi = client.multi();
  for (const { item, pieces } of sales) multi.decrBy(`stock:${item}`, pieces);
  return multi.exec();
}
