/** What was run did not come to its end; the message says how, as "did not end within 5 s". */
export class Unfinished extends Error {
  override readonly name: string = 'Unfinished';
}

/** It waits for what nobody is left to bring; it was stopped, and the connection serves on. */
export class Stuck extends Unfinished {}

/** Longest that what a course runs on its server may take, in milliseconds. */
export const LIMIT = 5000;

/**
 * Rejects with Unfinished where the work takes longer than `limit`, in milliseconds, or loses its connection, which is
 * the cause then.
 */
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
