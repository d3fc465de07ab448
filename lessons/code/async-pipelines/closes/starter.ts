// A small program's one function: it connects, counts a visit of the page under visits:PAGE,
// and gives the number. The program should end by itself then, errors or not. Mend it.
import { createClient } from 'redis';

export async function visit(page: string): Promise<number> {
  const client = createClient();
  client.on('error', (error) => console.error(error));
  await client.connect();
  return client.incr(`visits:${page}`);
}
