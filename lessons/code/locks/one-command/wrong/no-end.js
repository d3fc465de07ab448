export async function acquire(client, name, token, ttlMs) {
  const key = `lock:${name}`;
  return (await client.set(key, token, { condition: 'NX' })) === 'OK';
}
