// transfer() moves points:FROM to points:TO, all or nothing. total() adds up points.
// Nobody's death loses a point, and nobody counts what is on its way. Mend both.

/**
 * @param {import('redis').RedisClientType} client
 * @param {string} from
 * @param {string} to
 * @param {number} points
 */
export async function transfer(client, from, to, points) {
  await client.decrBy(`points:${from}`, points);
  await client.incrBy(`points:${to}`, points);
}

/**
 * @param {import('redis').RedisClientType} client
 * @param {string[]} names
 * @returns {Promise<number>}
 */
export async function total(client, names) {
  let sum = 0;
  for (const name of names) sum += Number((await client.get(`points:${name}`)) ?? 0);
  return sum;
}
