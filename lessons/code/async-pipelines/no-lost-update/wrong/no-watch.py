async def update(client, key, change):
    async with client.pipeline() as pipe:
        value = await change(int(await client.get(key) or 0))
        pipe.set(key, value)
        await pipe.execute()
        return value
