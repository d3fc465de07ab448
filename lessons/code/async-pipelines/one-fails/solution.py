async def sell(client, sales):
    async with client.pipeline() as pipe:
        for sale in sales:
            pipe.decrby(f"stock:{sale['item']}", sale['pieces'])
        replies = await pipe.execute(raise_on_error=False)
    return [{'error': str(reply)} if isinstance(reply, Exception) else reply for reply in replies]
