import asyncio
import redis.asyncio as redis

kept = []


# The guide's main, as it is, and the visit counted in it.
async def main(page):
    # Async connection
    r = redis.Redis(host='localhost', port=6379, decode_responses=True)

    # Basic operations
    await r.set('async_key', 'async_value')
    value = await r.get('async_key')
    print(f"Value: {value}")

    # Pipeline for multiple operations
    async with r.pipeline() as pipe:
        pipe.set('key1', 'value1')
        pipe.set('key2', 'value2')
        pipe.get('key1')
        pipe.get('key2')
        results = await pipe.execute()
        print(f"Results: {results}")
    number = await r.incr(f'visits:{page}')

    # Pub/sub
    pubsub = r.pubsub()
    kept.append(pubsub)
    await pubsub.subscribe('channel')

    # Process messages
    async def reader():
        async for message in pubsub.listen():
            if message['type'] == 'message':
                print(f"Got: {message['data']}")
                break

    # Close connection
    await r.close()
    return number


async def visit(page):
    return await main(page)
