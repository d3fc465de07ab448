export async function listen(client, channel, handle) {
  const own = client.duplicate();
  own.on('error', () => {});
  const ready = own.connect().then(() => own.subscribe(channel, handle));
  setTimeout(() => {}, 1);
  ready.catch(() => {});
  return async () => {
    await ready;
    await own.close();
  };
}
