// update() changes the number under key: change(number) gives the new one, which comes back.
// No update may be lost, whoever else is at work. Mend it.

/**
 * @param {import('redis').RedisClientType} client
 * @param {string} key
 * @param {(value: number) => Promise<number>} change
 * @returns {Promise<number>}
 */
export async function update(client, key, change) {
  const value = await change(Number((await client.get(key)) ?? 0));
  await client.set(key, String(value));
  return value;
}
