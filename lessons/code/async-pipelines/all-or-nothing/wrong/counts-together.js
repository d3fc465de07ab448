export async function transfer(client, from, to, points) {
  await client.multi().decrBy(`points:${from}`, points).incrBy(`points:${to}`, points).exec();
}

export async function total(client, names) {
  const all = await Promise.all(names.map((name) => client.get(`points:${name}`)));
  return all.reduce((sum, points) => sum + Number(points ?? 0), 0);
}
