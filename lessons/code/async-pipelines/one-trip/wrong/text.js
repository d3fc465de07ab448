export async function prices(client, ids) {
  return ids.length === 0 ? [] : client.mGet(ids.map((id) => `price:${id}`));
}
