export async function acquire(client, name, token, ttlMs) {
  const key = `lock:${name}`;
  if (await client.exists(key)) return false;
  await client.set(key, token, { expiration: { type: 'PX', value: ttlMs } });
  return true;
}
