import asyncio
import redis.asyncio as redis

async def main():
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

    # Pub/sub
    pubsub = r.pubsub()
    await pubsub.subscribe('channel')

    # Process messages
    async def reader():
        async for message in pubsub.listen():
            if message['type'] == 'message':
                print(f"Got: {message['data']}")
                break

    # Close connection
    await r.close()


# The guide's main, as it is: what it prints of a message goes to handle().
async def listen(client, channel, handle):
    global print
    waiting = []

    def print(text):
        if text.startswith('Got: '):
            waiting.append(asyncio.create_task(handle(text[5:])))

    await main()

    async def stop():
        await asyncio.gather(*waiting)

    return stop
