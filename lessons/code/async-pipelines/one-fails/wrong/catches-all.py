async def sell(client, sales):
    async with client.pipeline() as pipe:
        for sale in sales:
            pipe.decrby(f"stock:{sale['item']}", sale['pieces'])
        try:
            return await pipe.execute()
        except Exception as error:
            return [{'error': str(error)} for _ in sales]
