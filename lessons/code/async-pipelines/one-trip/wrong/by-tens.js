export async function prices(client, ids) {
  const found = [];
  for (let at = 0; at < ids.length; at += 10)
    found.push(...(await client.mGet(ids.slice(at, at + 10).map((id) => `price:${id}`))));
  return found.map((price) => (price === null ? null : Number(price)));
}
