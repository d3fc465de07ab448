export async function transfer(client, from, to, points) {
  await client.multi().decrBy(`points:${from}`, points).incrBy(`points:${to}`, points).exec();
}

export async function total(client, names) {
  const all = await client.mGet(names.map((name) => `points:${name}`));
  return all.reduce((sum, points) => sum + Number(points ?? 0), 0);
}
