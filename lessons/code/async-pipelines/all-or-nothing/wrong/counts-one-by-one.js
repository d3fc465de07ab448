export async function transfer(client, from, to, points) {
  await client.multi().decrBy(`points:${from}`, points).incrBy(`points:${to}`, points).exec();
}

export async function total(client, names) {
  let sum = 0;
  for (const name of names) sum += Number((await client.get(`points:${name}`)) ?? 0);
  return sum;
}
