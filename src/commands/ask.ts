import type { Key } from 'node:readline';
import { ExitCode, Failure } from '../failure.ts';

/**
 * What asks for yes or no on standard error, as standard output may be somebody's file; undefined where there is nobody
 * to ask. It throws Failure on Ctrl-C and Ctrl-D.
 */
export function confirmHere(): ((message: string) => Promise<boolean>) | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async (message) =>
    (await ask({ type: 'confirm', message, default: false }, process.stderr)) === true;
}

/** One of these from a menu; undefined when the user would rather not: Ctrl-C and Ctrl-D. */
export async function choose<T>(
  message: string,
  choices: { name: string; value: T }[],
): Promise<T | undefined> {
  try {
    return (await ask({ type: 'select', message, choices }, process.stdout)) as T;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

type Question =
  | { type: 'confirm'; message: string; default: boolean }
  | { type: 'select'; message: string; choices: { name: string; value: unknown }[] };

async function ask(question: Question, output: NodeJS.WriteStream): Promise<unknown> {
  const { createPromptModule } = (await import('inquirer')).default;
  const { stdin } = process;
  const left = new AbortController();
  // Left alone with Ctrl-D, inquirer waits for ever.
  const leave = (_: unknown, key?: Key) => {
    if (key?.ctrl && key.name === 'd') left.abort();
  };
  // Nor does it take keys after Ctrl-Z: its line editor pauses as it comes back.
  const comeBack = () => setImmediate(() => stdin.resume());
  stdin.on('keypress', leave);
  process.on('SIGCONT', comeBack);
  try {
    const prompt = createPromptModule({ output, signal: left.signal });
    return (await prompt([{ ...question, name: 'value' }])).value;
  } catch (error) {
    if (!['ExitPromptError', 'AbortPromptError'].includes((error as Error).name)) throw error;
    throw new Failure('Interrupted.', { exitCode: ExitCode.interrupted });
  } finally {
    stdin.off('keypress', leave);
    process.off('SIGCONT', comeBack);
  }
}
