export async function listen(client, channel, handle) {
  const own = client.duplicate();
  own.on('error', () => {});
  await own.connect();
  await own.subscribe(channel, async (text) => {
    await own.unsubscribe(channel);
    await handle(text);
  });
  return () => own.close();
}
