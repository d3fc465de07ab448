import redis.asyncio as redis


async def visit(page):
    # The end of the block closes it, errors or not.
    async with redis.Redis(decode_responses=True) as client:
        return await client.incr(f'visits:{page}')
