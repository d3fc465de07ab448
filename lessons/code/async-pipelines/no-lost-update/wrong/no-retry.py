from redis.exceptions import WatchError


async def update(client, key, change):
    async with client.pipeline() as pipe:
        await pipe.watch(key)
        value = await change(int(await pipe.get(key) or 0))
        pipe.multi()
        pipe.set(key, value)
        try:
            await pipe.execute()
        except WatchError:
            # Somebody else has changed it, so it is new.
            pass
        return value
