// Take the lock `lock:NAME` with your token, for ttlMs milliseconds.
// Answer true where you got it, and false where somebody else has it.

/**
 * @param {import('redis').RedisClientType} client
 * @param {string} name
 * @param {string} token
 * @param {number} ttlMs
 * @returns {Promise<boolean>}
 */
export async function acquire(client, name, token, ttlMs) {
  const key = `lock:${name}`;
  if (await client.exists(key)) return false;
  await client.set(key, token);
  await client.pExpire(key, ttlMs);
  return true;
}
