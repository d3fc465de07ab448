import redis.asyncio as redis

clients = []


async def visit(page):
    client = redis.Redis(decode_responses=True)
    # As a module would, that keeps it for later.
    clients.append(client)
    return await client.incr(f'visits:{page}')
