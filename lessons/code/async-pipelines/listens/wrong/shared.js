export async function listen(client, channel, handle) {
  await client.subscribe(channel, handle);
  return () => client.unsubscribe(channel);
}
