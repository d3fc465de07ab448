import type { Reply } from './reply.ts';

/**
 * Ends what a connection waits for, by another one: a blocking command, or a script that never ends. Whether the
 * server let us do either.
 */
export async function interrupt(
  by: { pipeline(commands: string[][]): Promise<Reply[]> },
  { id }: { id: number },
): Promise<boolean> {
  const [killed, unblocked] = await by.pipeline([
    ['SCRIPT', 'KILL'],
    ['CLIENT', 'UNBLOCK', String(id), 'ERROR'],
  ]);
  return killed?.type === 'status' || unblocked?.type === 'integer';
}
