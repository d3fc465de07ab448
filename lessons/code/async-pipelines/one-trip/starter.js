// The prices under price:ID, as numbers in the order of the ids; null where there is none.
// This asks a hundred times for a hundred prices. Once is enough.

/**
 * @param {import('redis').RedisClientType} client
 * @param {string[]} ids
 * @returns {Promise<(number | null)[]>}
 */
export async function prices(client, ids) {
  const found = [];
  for (const id of ids) {
    const price = await client.get(`price:${id}`);
    found.push(price === null ? null : Number(price));
  }
  return found;
}
