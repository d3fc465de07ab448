export async function acquire(client, name, token, ttlMs) {
  const key = `lock:${name}`;
  return client.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: ttlMs } });
}
