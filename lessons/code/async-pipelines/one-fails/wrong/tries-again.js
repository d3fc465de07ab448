export async function sell(client, sales) {
  const multi = client.multi();
  for (const { item, pieces } of sales) multi.decrBy(`stock:${item}`, pieces);
  try {
    return await multi.exec();
  } catch (error) {
    // Without the one that failed.
    const good = sales.filter((_, at) => !(error.replies[at] instanceof Error));
    const replies = await sell(client, good);
    return sales.map((sale, at) => (good.includes(sale) ? replies.shift() : { error: error.replies[at].message }));
  }
}
