export async function prices(client, ids) {
  if (ids.length === 0) return [];
  const found = await client.mGet(ids.map((id) => `price:${id}`));
  return found.filter(Boolean).map(Number);
}
