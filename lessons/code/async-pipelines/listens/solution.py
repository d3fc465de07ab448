import asyncio


async def listen(client, channel, handle):
    pubsub = client.pubsub()
    await pubsub.subscribe(channel)
    # What confirms the subscription is here: from now on nothing is missed.
    await pubsub.get_message(timeout=5)

    async def reader():
        async for message in pubsub.listen():
            if message['type'] == 'message':
                await handle(message['data'])

    task = asyncio.create_task(reader())

    async def stop():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await (pubsub.aclose() if hasattr(pubsub, 'aclose') else pubsub.close())

    return stop
