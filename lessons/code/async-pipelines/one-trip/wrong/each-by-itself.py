async def prices(client, ids):
    found = []
    for id in ids:
        async with client.pipeline() as pipe:
            pipe.get(f'price:{id}')
            found += await pipe.execute()
    return [None if price is None else int(price) for price in found]
