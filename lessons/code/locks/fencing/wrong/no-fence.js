import { randomUUID } from 'node:crypto';

export async function acquire(client, name, { ttlMs }) {
  const key = `lock:${name}`;
  const token = randomUUID();
  const reply = await client.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: ttlMs } });
  if (reply === null) return null;
  const fence = await client.incr(`fence:${name}`);
  return { token, fence };
}

export async function save(client, name, fence, text) {
  await client.set(name, text);
  return true;
}
