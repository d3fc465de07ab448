import redis.asyncio as redis

clients = []


async def visit(page):
    client = redis.Redis(decode_responses=True)
    clients.append(client)
    number = await client.incr(f'visits:{page}')
    await client.connection_pool.disconnect()
    return number
