import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { builtFile } from '../built.ts';
import type { Relay } from '../redis/relay.ts';
import { CaseFailed } from './failure.ts';
import { type Answered, type Ask, type FromActor, HANGS, type Said, type Thrown } from './wire.ts';

/** Megabytes that the heap of one actor may take. */
const MEMORY = 128;
/** Of what a process says as it ends, so many characters tell why. */
const LAST_WORDS = 4000;

/** What was asked of an actor was thrown there. */
export class CodeThrew extends Error {
  override readonly name = 'CodeThrew';
  readonly thrown: Thrown;
  constructor(thrown: Thrown) {
    super(thrown.message);
    this.thrown = thrown;
  }
}

/** The process of an actor is gone. */
export class ActorEnded extends Error {
  override readonly name = 'ActorEnded';
  /** It took more memory than it may. */
  readonly outOfMemory: boolean;
  constructor(how: string, lastWords: string) {
    super(`its process ended (${how})`);
    this.outOfMemory = /heap out of memory|MemoryError/.test(lastWords);
  }
}

type Asked = Ask extends infer A ? (A extends Ask ? Omit<A, 'id'> : never) : never;

/** A process that a learner's module is run in, and its way to Redis: see wire.ts. */
export class ActorProcess {
  readonly relay: Relay;
  /** What it says unasked. */
  onSaid: (said: Said) => void = (said) => void this.early.push(said);
  /** What it said before anybody listened: as the module was read. */
  readonly early: Said[] = [];
  readonly #child: ChildProcess;
  readonly #channel: Socket;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #ids = 0;
  #rest = '';
  #lastWords = '';
  /** Its connection is not to serve the next play. */
  stale = false;
  /** Set once it is gone. */
  ended: ActorEnded | undefined;

  /** `child` has the channel on descriptor 3. */
  constructor(child: ChildProcess, relay: Relay) {
    this.#child = child;
    this.relay = relay;
    this.#channel = child.stdio[3] as Socket;
    this.#channel.setEncoding('utf8');
    this.#channel.on('data', (chunk: unknown) => this.#read(String(chunk)));
    this.#channel.on('error', () => {});
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    child.on('error', (error) => this.#end(error.message));
    // Once all that it said has been read.
    child.on('close', (code, signal) => this.#end(String(signal ?? code)));
  }

  /** Rejects with CodeThrew, or with ActorEnded. */
  ask<T = unknown>(question: Asked): Promise<T> {
    if (this.ended) return Promise.reject(this.ended);
    const id = ++this.#ids;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#channel.write(`${JSON.stringify({ id, ...question })}\n`);
    });
  }

  /**
   * Waits for what this process does, at most `limit` ms: then it is of no use any more, and is killed. Rejects with
   * CaseFailed where that is so, or where the process ends. `call` tells the function that it is in.
   */
  async inTime<T>(limit: number, work: Promise<T>, call = () => ''): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.kill();
        reject(new CaseFailed({ kind: 'hung', call: call(), at: this.hangsAt }));
      }, limit);
    });
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      if (!(error instanceof ActorEnded)) throw error;
      throw new CaseFailed({ kind: 'ended', how: error.message, outOfMemory: error.outOfMemory });
    } finally {
      clearTimeout(timer);
    }
  }

  answer(answered: Answered): void {
    if (!this.ended) this.#channel.write(`${JSON.stringify(answered)}\n`);
  }

  /** The places that it was in as it hung, the innermost first, as `file:line`; where it is watched. */
  get hangsAt(): string[] {
    const begin = this.#lastWords.indexOf(HANGS);
    if (begin < 0) return [];
    const [places] = this.#lastWords.slice(begin + HANGS.length).split('\n');
    return places!
      .split(' ')
      .filter(Boolean)
      .map((place) => decodeURI(place.replace(/^file:\/\//, '')));
  }

  /** Ends the process, and what it has started: it leads a group of its own. */
  kill(): void {
    this.ended ??= new ActorEnded('killed', '');
    this.relay.close();
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    this.#child.kill('SIGKILL');
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {}
  }

  #read(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) {
      const message = JSON.parse(line) as FromActor;
      if (!('id' in message)) {
        this.onSaid(message);
        continue;
      }
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error) waiting?.reject(new CodeThrew(message.error));
      else waiting?.resolve(message.value);
    }
  }

  #end(how: string): void {
    this.ended ??= new ActorEnded(how, this.#lastWords);
    for (const { reject } of this.#waiting.values()) reject(this.ended);
    this.#waiting.clear();
    this.relay.close();
  }
}

/** Starts one for modules in JavaScript; a `watched` one tells where it hangs. */
export function startNodeActor({ watched = false } = {}): ChildProcess {
  const file = builtFile('node-actor.js');
  const permission = flagFor('--permission', '--experimental-permission');
  const flags = [
    '--experimental-vm-modules',
    `--max-old-space-size=${MEMORY}`,
    // What looks after it is what they forbid.
    ...(permission && !watched ? [permission, `--allow-fs-read=${dirname(file)}`] : []),
    // Where it is asked for, it holds for our socket too; other addresses the process itself refuses.
    ...(flagFor('--allow-net') ? ['--allow-net'] : []),
  ];
  return spawn(process.execPath, [...flags, file], {
    cwd: dirname(file),
    env: { NODE_NO_WARNINGS: '1', ...(watched && { REDISCOVER_WATCHED: '1' }) },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

function flagFor(...names: string[]): string | undefined {
  return names.find((name) => process.allowedNodeEnvironmentFlags.has(name));
}
