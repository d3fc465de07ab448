import asyncio

tasks = []


async def listen(client, channel, handle):
    pubsub = client.pubsub()
    await pubsub.subscribe(channel)
    await pubsub.get_message(timeout=5)

    async def reader():
        async for message in pubsub.listen():
            if message['type'] == 'message':
                await handle(message['data'])

    tasks.append(asyncio.create_task(reader()))

    async def stop():
        pass

    return stop
