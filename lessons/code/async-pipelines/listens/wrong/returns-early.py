import asyncio


async def listen(client, channel, handle):
    pubsub = client.pubsub()
    # It is sent, and not answered yet.
    await pubsub.subscribe(channel)

    async def reader():
        async for message in pubsub.listen():
            if message['type'] == 'message':
                await handle(message['data'])

    task = asyncio.create_task(reader())

    async def stop():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await pubsub.close()

    return stop
