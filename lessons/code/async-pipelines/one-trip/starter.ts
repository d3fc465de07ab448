// The prices under price:ID, as numbers in the order of the ids; null where there is none.
// This asks a hundred times for a hundred prices. Once is enough.
import type { RedisClientType } from 'redis';

export async function prices(client: RedisClientType, ids: string[]): Promise<(number | null)[]> {
  const found: (number | null)[] = [];
  for (const id of ids) {
    const price = await client.get(`price:${id}`);
    found.push(price === null ? null : Number(price));
  }
  return found;
}
