import { createClient } from 'redis';

export async function visit(page) {
  const client = createClient();
  client.on('error', (error) => console.error(error));
  await client.connect();
  // Somebody else may want to hear of it.
  const news = client.duplicate();
  news.on('error', () => {});
  await news.connect();
  try {
    const number = await client.incr(`visits:${page}`);
    await news.publish('visits', page);
    return number;
  } finally {
    await client.close();
  }
}
