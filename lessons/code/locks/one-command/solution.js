export async function acquire(client, name, token, ttlMs) {
  const reply = await client.set(`lock:${name}`, token, {
    condition: 'NX',
    expiration: { type: 'PX', value: ttlMs },
  });
  return reply === 'OK';
}
