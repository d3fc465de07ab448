import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Place } from '../redis/place.ts';
import type { Target } from '../redis/target.ts';
import { type CodeError, textOf } from './code-error.ts';

/**
 * What became of a snippet. `failed` without `error`: its process ended. `late`: it did not end in time and was
 * killed; what it asked of the server may go on. `unavailable`: it cannot be run here.
 */
export type Ran =
  | { kind: 'done' }
  | { kind: 'failed'; message: string; error?: CodeError }
  | { kind: 'late'; message: string }
  | { kind: 'unavailable'; message: string };

/** A snippet, and where it is connected to; or the lesson's server that it is to connect to by itself. */
export interface Request {
  target?: Target;
  place?: Place;
  source: string;
}

/** What a driver says of a snippet that came to its end. */
export interface Result {
  error?: CodeError;
}

/** How to talk to the driver in a process: one request at a time, and its result. */
export interface Channel {
  send(request: Request): void;
  next(): Promise<Result>;
}

/** A process that runs snippets of one language, one after the other; `child` was started detached. */
export class Host {
  readonly #child: ChildProcess;
  readonly #channel: Channel;

  constructor(child: ChildProcess, channel: Channel) {
    this.#child = child;
    this.#channel = channel;
  }

  /** Has its process ended, or been told to? */
  get ended(): boolean {
    const { killed, exitCode, signalCode } = this.#child;
    return killed || exitCode !== null || signalCode !== null;
  }

  /** Runs a snippet, for at most `limit` milliseconds. */
  async run(request: Request, limit: number): Promise<Ran> {
    const stop = new AbortController();
    const late = new Promise<Ran>((resolve) => {
      const message = `did not end within ${limit / 1000} s`;
      const timer = setTimeout(() => resolve({ kind: 'late', message }), limit);
      stop.signal.addEventListener('abort', () => clearTimeout(timer));
    });
    const gone = once(this.#child, 'exit', { signal: stop.signal }).then(
      ([code, signal]): Ran =>
        // It may say itself that it is done.
        code === 0 ? { kind: 'done' } : { kind: 'failed', message: `its process ended (${signal ?? code})` },
      () => new Promise<Ran>(() => {}),
    );
    const done = this.#channel
      .next()
      .then(
        ({ error }): Ran => (error ? { kind: 'failed', message: textOf(error), error } : { kind: 'done' }),
      );
    this.#channel.send(request);
    try {
      const ran = await Promise.race([done, gone, late]);
      if (ran.kind === 'late') this.kill();
      return ran;
    } finally {
      stop.abort();
    }
  }

  /** Ends the process, and what it has started: it leads a group of its own. */
  kill(): void {
    const { pid } = this.#child;
    // Not once it has ended: its number may be another's by then.
    if (this.ended || pid === undefined) return;
    this.#child.kill('SIGKILL');
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {}
  }
}
