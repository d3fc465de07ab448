async def sell(client, sales):
    async with client.pipeline() as pipe:
        for sale in sales:
            pipe.decrby(f"stock:{sale['item']}", sale['pieces'])
        return await pipe.execute()
