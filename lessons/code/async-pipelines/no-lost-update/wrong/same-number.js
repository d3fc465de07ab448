import { WatchError } from 'redis';

export async function update(client, key, change) {
  const own = client.duplicate();
  own.on('error', () => {});
  await own.connect();
  try {
    await own.watch(key);
    const value = await change(Number((await own.get(key)) ?? 0));
    for (;;) {
      try {
        await own.multi().set(key, String(value)).exec();
        return value;
      } catch (error) {
        if (!(error instanceof WatchError)) throw error;
      }
    }
  } finally {
    await own.close();
  }
}
