import { join } from 'node:path';
import { Relay } from '../redis/relay.ts';
import type { Target } from '../redis/target.ts';
import { ActorProcess, CodeThrew, startNodeActor } from './actor-process.ts';
import { CaseFailed } from './failure.ts';

/** A module, as actors take it. */
export interface Module {
  language: 'node' | 'python';
  /** As errors name it. */
  file: string;
  /** JavaScript without types, or Python. */
  source: string;
  exports: string[];
  /** The python that has redis-py, where it is in that language. */
  python?: string;
}

export interface ActorPoolParts {
  /** A unix socket of a private server. */
  target: Target;
  /** A private folder for the sockets of the gates; short enough for a socket's path. */
  folder: string;
  /** Longest that a module may take to be read, in ms. */
  limit: number;
  /** Its processes tell where they hang, and are less guarded. */
  watched?: boolean;
}

interface Kept {
  process: ActorProcess;
  module: Module | undefined;
  /** Plays that it has served: each leaves a module behind in its memory. */
  served: number;
}

/** Plays that one process serves. */
const MOST_SERVED = 2000;

/** The processes of actors: kept for the next play, and for the next module. */
export class ActorPool {
  readonly #parts: ActorPoolParts;
  /** By language and number. */
  readonly #kept = new Map<string, Kept>();
  #started = 0;

  constructor(parts: ActorPoolParts) {
    this.#parts = parts;
  }

  /** The process of an actor, counted from 0, with the module and a client that is connected. Rejects with CaseFailed. */
  async take(index: number, module: Module): Promise<ActorProcess> {
    const { limit } = this.#parts;
    const name = `${module.language} ${index}`;
    let kept = this.#kept.get(name);
    if (!kept || kept.process.ended || kept.served === MOST_SERVED) {
      kept?.process.kill();
      kept = { process: await this.#start(module), module: undefined, served: 0 };
      this.#kept.set(name, kept);
    }
    kept.served++;
    const { process } = kept;
    process.onSaid = (said) => void process.early.push(said);
    try {
      if (kept.module !== module) {
        const { file, source, exports } = module;
        const load = process.ask<{ missing: string[] }>({ do: 'load', file, source, exports });
        const { missing } = await process.inTime(limit, load);
        if (missing.length > 0) throw new CaseFailed({ kind: 'missing', exports: missing });
        kept.module = module;
      }
      await process.relay.reach(true);
      // The module is read anew, and says all of it again.
      process.early.length = 0;
      await process.inTime(
        limit,
        process.ask({
          do: 'begin',
          seed: index + 1,
          wall: Date.now(),
          ...(process.stale && { fresh: true }),
          redis: this.#gateOf(process),
        }),
      );
      process.stale = false;
      return process;
    } catch (error) {
      if (error instanceof CodeThrew) throw new CaseFailed({ kind: 'unreadable', error: error.thrown });
      throw error;
    }
  }

  close(): void {
    for (const { process } of this.#kept.values()) process.kill();
    this.#kept.clear();
  }

  async #start({ language, python }: Module): Promise<ActorProcess> {
    const path = join(this.#parts.folder, `${this.#parts.watched ? 'w' : 'a'}${++this.#started}`);
    const relay = await Relay.listen(this.#parts.target, { path });
    this.#paths.set(relay, path);
    const child = language === 'node' ? startNodeActor(this.#parts) : await startPython(python!);
    return new ActorProcess(child, relay);
  }
  readonly #paths = new WeakMap<Relay, string>();

  #gateOf({ relay }: ActorProcess) {
    const { username, password, db } = this.#parts.target;
    relay.gate = undefined;
    return {
      path: this.#paths.get(relay)!,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(db !== undefined && { db }),
    };
  }
}

async function startPython(command: string) {
  const { startPythonActor } = await import('./python-actor.ts');
  return startPythonActor(command);
}
