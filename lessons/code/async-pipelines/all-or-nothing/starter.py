# transfer() moves points:FROM to points:TO, all or nothing. total() adds up points.
# Nobody's death loses a point, and nobody counts what is on its way. Mend both.


async def transfer(client, from_name, to_name, points):
    await client.decrby(f'points:{from_name}', points)
    await client.incrby(f'points:{to_name}', points)


async def total(client, names):
    return sum([int(await client.get(f'points:{name}') or 0) for name in names])
