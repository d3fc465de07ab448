import { createClient } from 'redis';

export async function visit(page) {
  const client = createClient();
  client.on('error', (error) => console.error(error));
  await client.connect();
  return client.incr(`visits:${page}`);
}
