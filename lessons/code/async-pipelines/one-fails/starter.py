# sell() takes pieces off stock:ITEM for each sale, all in one transaction. It answers
# what is left of each, or {'error': text} where a command failed. Mend what it answers.


async def sell(client, sales):
    async with client.pipeline() as pipe:
        for sale in sales:
            pipe.decrby(f"stock:{sale['item']}", sale['pieces'])
        return await pipe.execute()
