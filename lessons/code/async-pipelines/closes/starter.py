# A small program's one function: it connects, counts a visit of the page under visits:PAGE,
# and gives the number. The program should end by itself then, errors or not. Mend it.
import redis.asyncio as redis

clients = []


async def visit(page):
    client = redis.Redis(decode_responses=True)
    clients.append(client)
    return await client.incr(f'visits:{page}')
