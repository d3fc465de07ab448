import { randomUUID } from 'node:crypto';

export async function acquire(client, name, { ttlMs }) {
  const [reply, fence] = await client
    .multi()
    .set(`lock:${name}`, randomUUID(), { condition: 'NX', expiration: { type: 'PX', value: ttlMs } })
    .incr(`fence:${name}`)
    .exec();
  return reply === null ? null : fence;
}

export async function save(client, name, fence, text) {
  const newest = Number((await client.get(`saved:${name}`)) ?? 0);
  if (fence < newest) return false;
  await client.multi().set(`saved:${name}`, String(fence)).set(name, text).exec();
  return true;
}
