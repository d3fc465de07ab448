async def listen(client, channel, handle):
    pubsub = client.pubsub()
    await pubsub.subscribe(channel)

    # Process messages
    async def reader():
        async for message in pubsub.listen():
            if message['type'] == 'message':
                await handle(message['data'])
                break

    async def stop():
        await pubsub.connection.disconnect()

    return stop
