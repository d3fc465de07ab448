export async function prices(client, ids) {
  if (ids.length === 0) return [];
  return (await client.mGet(ids.map((id) => `price:${id}`))).map(Number);
}
