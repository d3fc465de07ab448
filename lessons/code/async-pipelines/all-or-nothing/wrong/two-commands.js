export async function transfer(client, from, to, points) {
  await client.decrBy(`points:${from}`, points);
  await client.incrBy(`points:${to}`, points);
}

export async function total(client, names) {
  const all = await client.mGet(names.map((name) => `points:${name}`));
  return all.reduce((sum, points) => sum + Number(points ?? 0), 0);
}
