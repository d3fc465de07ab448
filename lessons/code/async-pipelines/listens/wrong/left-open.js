export async function listen(client, channel, handle) {
  const own = client.duplicate();
  own.on('error', () => {});
  await own.connect();
  await own.subscribe(channel, handle);
  return () => own.unsubscribe(channel);
}
