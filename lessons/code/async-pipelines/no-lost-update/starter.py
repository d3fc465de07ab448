# update() changes the number under key: change(number) gives the new one, which comes back.
# No update may be lost, whoever else is at work. Mend it.


async def update(client, key, change):
    value = await change(int(await client.get(key) or 0))
    await client.set(key, value)
    return value
