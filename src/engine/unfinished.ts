import { NoRedis } from '../failure.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** What was run did not come to its end; the message says how, as "did not end within 5 s". */
export class Unfinished extends Error {
  override readonly name = 'Unfinished';
}

/** Longest that what a course runs on its server may take, in milliseconds. */
export const LIMIT = 5000;

/** Rejects with Unfinished where the work takes longer than `limit`, in milliseconds, or loses its connection. */
export async function inTime<T>(limit: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unfinished(`did not end within ${limit / 1000} s`)), limit);
  });
  // It ends with its connection, and that was not lost by accident.
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    if (error instanceof Error && error.name === 'ConnectionLost')
      throw new Unfinished('lost the connection to Redis', { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The sandbox, or another, fit for use after something did not end on it. Rejects with NoRedis. */
export async function renewed(sandbox: Sandbox, reopen: () => Promise<Sandbox>): Promise<Sandbox> {
  if (sandbox.kind === 'private') {
    await sandbox.close();
    return reopen();
  }
  // What blocks ends with its connection. A script does not, and we end nobody's script on a server not ours.
  try {
    await sandbox.reconnect();
  } catch (cause) {
    throw new NoRedis(`${sandbox.description}, does not answer any more.`, {
      next: 'Where a script keeps it busy, end it there: redis-cli SCRIPT KILL',
      cause,
    });
  }
  return sandbox;
}
