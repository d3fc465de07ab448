async def transfer(client, from_name, to_name, points):
    async with client.pipeline(transaction=True) as pipe:
        pipe.decrby(f'points:{from_name}', points)
        pipe.incrby(f'points:{to_name}', points)
        await pipe.execute()


async def total(client, names):
    found = await client.mget([f'points:{name}' for name in names])
    return sum(int(points or 0) for points in found)
