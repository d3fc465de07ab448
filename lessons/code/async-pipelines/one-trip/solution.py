async def prices(client, ids):
    async with client.pipeline(transaction=False) as pipe:
        for id in ids:
            pipe.get(f'price:{id}')
        found = await pipe.execute()
    return [None if price is None else int(price) for price in found]
