export async function sell(client, sales) {
  const multi = client.multi();
  for (const { item, pieces } of sales) multi.decrBy(`stock:${item}`, pieces);
  try {
    return await multi.exec();
  } catch (error) {
    return error.replies.map((reply) => (reply instanceof Error ? null : reply));
  }
}
