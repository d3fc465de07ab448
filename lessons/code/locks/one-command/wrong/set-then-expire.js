export async function acquire(client, name, token, ttlMs) {
  const key = `lock:${name}`;
  if (!(await client.setNX(key, token))) return false;
  await client.pExpire(key, ttlMs);
  return true;
}
