export async function update(client, key, change) {
  const value = await change(Number((await client.get(key)) ?? 0));
  await client.multi().set(key, String(value)).exec();
  return value;
}
