export async function sell(client, sales) {
  const multi = client.multi();
  for (const { item, pieces } of sales) multi.decrBy(`stock:${item}`, pieces);
  return multi.exec().catch((error) => sales.map(() => ({ error: error.message })));
}
