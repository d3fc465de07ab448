async def prices(client, ids):
    found = [await client.get(f'price:{id}') for id in ids]
    return [None if price is None else int(price) for price in found]
