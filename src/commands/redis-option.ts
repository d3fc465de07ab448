import type { CourseServer } from '../course/course.ts';
import type { ServerProgram } from '../sandbox/provider.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { say } from '../ui/say.ts';
import { visible } from '../ui/visible.ts';
import { confirmHere } from './ask.ts';
import type { RedisFlags } from './flags.ts';

/** Opens the sandbox that the flags ask for, and says on standard error which one it is, unless `quiet`. */
export async function openRedis(flags: RedisFlags, { quiet = false } = {}): Promise<Sandbox> {
  const { openSandbox } = await import('../sandbox/open.ts');
  try {
    const sandbox = await openSandbox({ ...flags, typed: process.argv.slice(2), ask: askHere(), progress });
    endProgress();
    if (!quiet) say(sandbox.description);
    return sandbox;
  } finally {
    endProgress();
  }
}

/** The program that private servers are started with here; one that is missing is fetched, or asked for. Throws NoRedis. */
export async function findProgram(flags: RedisFlags): Promise<ServerProgram> {
  const { findServerProgram } = await import('../sandbox/find-program.ts');
  try {
    return await findServerProgram({ ask: flags.yes ? async () => true : askHere(), progress });
  } finally {
    endProgress();
  }
}

/** The server that the user names, by flag or by variable; undefined for a private one. */
export function namedServer({ redis }: RedisFlags): string | undefined {
  // A variable set to nothing is none.
  return redis ?? (process.env.REDISCOVER_REDIS || undefined);
}

/** Opens a private sandbox, whatever server the flags name: for other worlds, or in the place of a lesson's server. */
export async function openAside(flags: RedisFlags, access?: CourseServer): Promise<Sandbox> {
  const { PrivateSandbox } = await import('../sandbox/private-sandbox.ts');
  return PrivateSandbox.open({ ...flags, access });
}

let drawn = false;

/** One line that changes on a terminal; a line each elsewhere. */
function progress(text: string): void {
  if (process.stderr.isTTY && process.env.TERM !== 'dumb') {
    const room = (process.stderr.columns ?? 80) - 1;
    process.stderr.write(`\r\x1b[K${visible(text).slice(0, room)}`);
    drawn = true;
  } else {
    say(text);
  }
}

function endProgress(): void {
  if (drawn) process.stderr.write('\r\x1b[K');
  drawn = false;
}

/** As `confirmHere`, below the progress shown so far. */
function askHere(): ((question: string) => Promise<boolean>) | undefined {
  const confirm = confirmHere();
  return (
    confirm &&
    ((question) => {
      endProgress();
      return confirm(question);
    })
  );
}
