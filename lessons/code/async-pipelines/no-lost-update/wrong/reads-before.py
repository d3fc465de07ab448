from redis.exceptions import WatchError


async def update(client, key, change):
    async with client.pipeline() as pipe:
        while True:
            try:
                before = int(await client.get(key) or 0)
                await pipe.watch(key)
                value = await change(before)
                pipe.multi()
                pipe.set(key, value)
                await pipe.execute()
                return value
            except WatchError:
                continue
