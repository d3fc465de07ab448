export async function sell(client, sales) {
  const results = [];
  for (const { item, pieces } of sales)
    results.push(await client.decrBy(`stock:${item}`, pieces).catch((error) => ({ error: error.message })));
  return results;
}
