export async function sell(client, sales) {
  const sold = await Promise.allSettled(sales.map(({ item, pieces }) => client.decrBy(`stock:${item}`, pieces)));
  return sold.map(({ value, reason }) => (reason ? { error: reason.message } : value));
}
