import asyncio


async def transfer(client, from_name, to_name, points):
    await asyncio.gather(
        client.decrby(f'points:{from_name}', points),
        client.incrby(f'points:{to_name}', points),
    )


async def total(client, names):
    found = await client.mget([f'points:{name}' for name in names])
    return sum(int(points or 0) for points in found)
