export async function prices(client, ids) {
  const found = await Promise.all(ids.map((id) => client.get(`price:${id}`)));
  return found.map((price) => (price === null ? null : Number(price)));
}
