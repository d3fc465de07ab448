import { rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { builtFile } from '../built.ts';
import type { Answer, Exercise, Position } from '../course/course.ts';
import { type ExitCode, Failure } from '../failure.ts';
import type { SandboxOptions } from '../sandbox/open.ts';
import { placeInThread } from './place-in-thread.ts';
import type { Result, Telling } from './result.ts';

/** What is to be judged; without an answer, whether there could have been one. */
export interface Task {
  exercise: Exercise;
  answer?: Answer;
}

/** What a checker needs to know. Plain data: it goes to another thread. */
export interface CheckerOptions {
  /** The server to judge on; of a private one, with the program that was found. */
  sandbox: Pick<
    SandboxOptions,
    'redis' | 'db' | 'tlsCa' | 'tlsCert' | 'tlsKey' | 'tlsServername' | 'typed' | 'program'
  >;
  /** Longest that one answer may take, in ms. */
  limit: number;
  /** The course's own code may run. */
  trusted: boolean;
  /** The Python to run modules with. */
  python?: string | undefined;
  telling: Telling;
  /** Some exercise has other worlds: their server is started at once. */
  worlds: boolean;
}

export type ToChecker = { kind: 'judge'; task: Task } | { kind: 'close' };
export type FromChecker =
  | { kind: 'folder'; folder: string }
  | { kind: 'ready'; redis: string }
  | { kind: 'judged'; result: Result }
  /** It can't go on. */
  | { kind: 'broken'; error: SaidError };

/** An error as it goes from one thread to another. */
interface SaidError {
  message: string;
  stack: string | undefined;
  failure?: { exitCode: ExitCode; next: string | undefined };
}

/** Ms without a sign of life after which a thread is given up, at least: a machine may be slow. */
const SILENCE = 5000;
const LOOK = 250;
/** Ms that one exercise may take, with all its worlds or schedules: at least, and in limits of one answer. */
const PATIENCE = 60_000;
const MOST_LIMITS = 12;
/** Ms that a thread gets to end its servers. */
const PARTING = 3000;

/** The checker itself went wrong, or what the course runs in it. */
export class CheckerBroke extends Error {
  override readonly name = 'CheckerBroke';
  /** It computes without end; where, if that can be told. */
  readonly endless: { at: Position | undefined } | undefined;
  constructor(message: string, { endless, cause }: Pick<CheckerBroke, 'endless'> & { cause?: unknown }) {
    super(message, { cause });
    this.endless = endless;
  }
}

/**
 * A runner in a thread of its own, with servers of its own: what computes without end, or crashes, there stops nobody
 * here. One task at a time.
 */
export class Checker {
  /** The server that it judges on, in words. */
  readonly redis: string;
  readonly #thread: CheckerThread;

  private constructor(thread: CheckerThread, redis: string) {
    this.#thread = thread;
    this.redis = redis;
  }

  /** Rejects with NoRedis, BadUsage, or CheckerBroke. */
  static async open(options: CheckerOptions): Promise<Checker> {
    const thread = new CheckerThread(options);
    try {
      return new Checker(thread, await thread.ready);
    } catch (error) {
      await thread.close();
      throw error;
    }
  }

  /** Rejects with CheckerBroke, and is of no more use then. */
  judge(task: Task): Promise<Result> {
    return this.#thread.ask(task);
  }

  /** Ends its servers. Safe to call at any time, and twice. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}

class CheckerThread {
  readonly ready: Promise<string>;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  readonly #beats = new SharedArrayBuffer(4);
  readonly #silence: number;
  readonly #patience: number;
  /** What a thread that has to be ended leaves behind. */
  readonly #folders = new Set<string>();
  #waiting: { resolve(result: Result): void; reject(error: Error): void } | undefined;
  #broken: Error | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: CheckerOptions) {
    this.#silence = Math.max(SILENCE, options.limit);
    this.#patience = Math.max(PATIENCE, MOST_LIMITS * options.limit);
    this.#worker = new Worker(builtFile('checker-thread.js'), {
      workerData: { ...options, beats: this.#beats },
      // Whatever it says goes through its messages.
      stdin: false,
    });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: FromChecker) => {
        if (message.kind === 'folder') this.#folders.add(message.folder);
        else if (message.kind === 'ready') resolve(message.redis);
        else if (message.kind === 'judged') this.#take()?.resolve(message.result);
        else this.#break(errorFrom(message.error), reject);
      });
      this.#worker.on('error', (error) => this.#break(broke(error), reject));
    });
    this.ready.catch(() => {});
    open.add(this);
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#break(new CheckerBroke('The checker ended.', { endless: undefined }), () => {});
        resolve();
      });
    });
  }

  ask(task: Task): Promise<Result> {
    if (this.#broken) return Promise.reject(this.#broken);
    const watch = this.#watch();
    return new Promise<Result>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker.postMessage({ kind: 'judge', task } satisfies ToChecker);
    }).finally(() => clearInterval(watch));
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#worker.postMessage({ kind: 'close' } satisfies ToChecker);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, this.#broken ? LOOK : PARTING);
    });
    await Promise.race([this.#ended, late]);
    clearTimeout(timer);
    await this.#worker.terminate();
    this.drop();
  }

  /** Removes what the thread could not. Its servers end with their pipes, which were the thread's. */
  drop(): void {
    open.delete(this);
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  #break(error: Error, alsoTell: (error: Error) => void): void {
    this.#broken ??= error;
    alsoTell(this.#broken);
    this.#take()?.reject(this.#broken);
  }

  #take() {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  /** Sees to it that a thread which only computes is found out. */
  #watch(): NodeJS.Timeout {
    const beats = new Int32Array(this.#beats);
    const begun = performance.now();
    let [last, since] = [-1, begun];
    const watch = setInterval(() => {
      const now = Atomics.load(beats, 0);
      const moment = performance.now();
      if (now !== last) [last, since] = [now, moment];
      if (moment - begun > this.#patience) {
        clearInterval(watch);
        const seconds = Math.round(this.#patience / 1000);
        const late = new CheckerBroke(`It was not judged within ${seconds} s.`, { endless: undefined });
        return this.#break(late, () => {});
      }
      if (moment - since < this.#silence) return;
      clearInterval(watch);
      void placeInThread(this.#worker).then((at) =>
        this.#break(new CheckerBroke('The checker computes without end.', { endless: { at } }), () => {}),
      );
    }, LOOK);
    return watch;
  }
}

/** The process may exit at any time. */
const open = new Set<CheckerThread>();
process.once('exit', () => {
  for (const thread of open) thread.drop();
});

/** An error as it goes to another thread. */
export function saidOf(error: unknown): SaidError {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined };
  const { message, stack } = error;
  return {
    message,
    stack,
    ...(error instanceof Failure && { failure: { exitCode: error.exitCode, next: error.next } }),
  };
}

function errorFrom({ message, stack, failure }: SaidError): Error {
  if (failure) return new Failure(message, failure);
  return broke(Object.assign(new Error(message), { stack }));
}

function broke(cause: Error): CheckerBroke {
  return new CheckerBroke(`The checker failed: ${cause.message}`, { endless: undefined, cause });
}
