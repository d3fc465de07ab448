export async function acquire(client, name, token, ttlMs) {
  const key = `lock:${name}`;
  // One transaction: nobody dies in between.
  const [made] = await client.multi().setNX(key, token).pExpire(key, ttlMs).exec();
  return made === 1;
}
