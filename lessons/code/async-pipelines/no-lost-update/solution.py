from redis.exceptions import WatchError


async def update(client, key, change):
    # The pipeline has a connection of its own while it watches.
    async with client.pipeline() as pipe:
        while True:
            try:
                await pipe.watch(key)
                value = await change(int(await pipe.get(key) or 0))
                pipe.multi()
                pipe.set(key, value)
                await pipe.execute()
                return value
            except WatchError:
                continue
