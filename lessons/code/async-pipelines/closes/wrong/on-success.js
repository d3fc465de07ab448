import { createClient } from 'redis';

export async function visit(page) {
  const client = createClient();
  client.on('error', (error) => console.error(error));
  await client.connect();
  const number = await client.incr(`visits:${page}`);
  await client.close();
  return number;
}
