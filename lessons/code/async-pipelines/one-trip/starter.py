# The prices under price:ID, as numbers in the order of the ids; None where there is none.
# This asks a hundred times for a hundred prices. Once is enough.


async def prices(client, ids):
    found = []
    for id in ids:
        price = await client.get(f'price:{id}')
        found.append(None if price is None else int(price))
    return found
