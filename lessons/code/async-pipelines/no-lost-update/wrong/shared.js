import { WatchError } from 'redis';

export async function update(client, key, change) {
  for (;;) {
    await client.watch(key);
    const value = await change(Number((await client.get(key)) ?? 0));
    try {
      await client.multi().set(key, String(value)).exec();
      return value;
    } catch (error) {
      if (!(error instanceof WatchError)) throw error;
    }
  }
}
