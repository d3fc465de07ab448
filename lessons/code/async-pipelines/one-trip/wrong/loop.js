export async function prices(client, ids) {
  const found = [];
  for (const id of ids) {
    const price = await client.get(`price:${id}`);
    found.push(price === null ? null : Number(price));
  }
  return found;
}
