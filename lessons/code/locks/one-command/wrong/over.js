export async function acquire(client, name, token, ttlMs) {
  const key = `lock:${name}`;
  const before = await client.set(key, token, { GET: true, expiration: { type: 'PX', value: ttlMs } });
  return before === null;
}
