const told = (reply) => (reply instanceof Error ? { error: reply.message } : reply);

export async function sell(client, sales) {
  const multi = client.multi();
  for (const { item, pieces } of sales) multi.decrBy(`stock:${item}`, pieces);
  try {
    return await multi.exec();
  } catch (error) {
    // All that could run has run: the replies say what became of each.
    if (!error.replies) throw error;
    return error.replies.map(told);
  }
}
