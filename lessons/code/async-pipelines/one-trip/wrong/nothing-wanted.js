export async function prices(client, ids) {
  const found = await client.mGet(ids.map((id) => `price:${id}`));
  return found.map((price) => (price === null ? null : Number(price)));
}
