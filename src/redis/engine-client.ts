import { createHash } from 'node:crypto';
import { ErrorReply, RESP_TYPES } from 'redis';
import { COMMAND_STATS } from './command-stats.ts';
import { ConnectionLost, connect, type NodeRedisClient } from './connection.ts';
import { fromNodeRedis } from './from-node-redis.ts';
import type { Reply } from './reply.ts';
import type { Snapshot } from './snapshot.ts';
import { decodeSnapshot, type RawSnapshot, SNAPSHOT_SCRIPT } from './snapshot-script.ts';
import type { Target } from './target.ts';

export type Command = (string | Buffer)[];

/** By what EVALSHA knows the script. */
export const SNAPSHOT_SHA = createHash('sha1').update(SNAPSHOT_SCRIPT).digest('hex');
/** Bulk strings keep their bytes, and integers all their digits. */
const exact = { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.NUMBER]: String };
const bytes = { [RESP_TYPES.BLOB_STRING]: Buffer };

/**
 * While it is on, reading a value is no use of its key that OBJECT IDLETIME shows. Off for all that writes: up to 8.0
 * of Redis and 8.1 of Valkey, a write of such a client that ends another one's BLPOP brings the server down.
 * Source: https://github.com/redis/redis/pull/14415
 */
const NO_TOUCH = { on: ['CLIENT', 'NO-TOUCH', 'ON'], off: ['CLIENT', 'NO-TOUCH', 'OFF'] };

/** Milliseconds that what is under way may take once the connection is to be closed. */
const PARTING = 2000;

/** The engine's own connection: given states, snapshots, documentation. The learner never types on it. */
export class EngineClient {
  readonly #client: NodeRedisClient;
  /** Settles when the connection has ended, with the reason; never rejects. */
  readonly closed: Promise<string>;
  readonly #unanswered = new Set<Promise<unknown>>();
  /** Whether the server's fields can end by themselves: since 7.4 of Redis, and 9.0 of Valkey. */
  #endsFields: Promise<boolean> = Promise.resolve(false);
  /** Whether the server can read for us without a trace. */
  #untouching = false;

  private constructor(client: NodeRedisClient, closed: Promise<string>) {
    this.#client = client;
    this.closed = closed;
  }

  /** Rejects as `connect` does. */
  static async connect(target: Target, name?: string): Promise<EngineClient> {
    const { client, closed } = await connect(target, name);
    const engine = new EngineClient(client, closed);
    // Since 7.2; asked by taking back what was never set.
    engine.send(NO_TOUCH.off).then(
      ({ type }) => {
        engine.#untouching = type !== 'error';
      },
      () => {},
    );
    engine.#endsFields = engine.send(['COMMAND', 'INFO', 'HPTTL']).then(
      (reply) => reply.type === 'array' && reply.items[0]?.type === 'array',
      () => false,
    );
    return engine;
  }

  /** The server's reply; an error reply is one too. Rejects with ConnectionLost. */
  send(command: Command): Promise<Reply> {
    return this.#send(command);
  }

  /** What the server has counted so far, for `callsBetween`: nothing else of ours is in it. Rejects with ConnectionLost. */
  commandStats(): Promise<Reply> {
    return this.#send(COMMAND_STATS);
  }

  /** Whether something that was sent has no answer yet. */
  get waiting(): boolean {
    return this.#unanswered.size > 0;
  }

  async #send(command: Command): Promise<Reply> {
    try {
      return fromNodeRedis(await this.#ask(command, exact));
    } catch (error) {
      return errorReply(error);
    }
  }

  #ask<T>(command: Command, typeMapping: typeof exact | typeof bytes): Promise<T> {
    const asked = this.#client.sendCommand<T>(command, { typeMapping });
    this.#unanswered.add(asked);
    const answered = () => void this.#unanswered.delete(asked);
    asked.then(answered, answered);
    return asked;
  }

  /** Sends all commands in one round trip, in order; each has its own reply. */
  pipeline(commands: Command[]): Promise<Reply[]> {
    return Promise.all(commands.map((command) => this.send(command)));
  }

  /** All of the database at one instant, in one round trip. */
  async snapshot(options: { dumps?: boolean } = {}): Promise<Snapshot> {
    const args = ['0', options.dumps ? '1' : '0', (await this.#endsFields) ? '1' : '0'];
    const run = async (command: Command) => {
      const [on, off] = this.#untouching ? [NO_TOUCH.on, NO_TOUCH.off] : [];
      const asked = [
        on && this.#send(on),
        this.#ask<RawSnapshot>(command, bytes),
        off && this.#send(off),
      ] as const;
      const [, raw] = await Promise.all(asked);
      return raw;
    };
    try {
      return decodeSnapshot(await run(['EVALSHA', SNAPSHOT_SHA, ...args]));
    } catch (error) {
      if (!(error instanceof ErrorReply)) throw lost(error);
      // New to this server, or forgotten by SCRIPT FLUSH.
      if (!error.message.startsWith('NOSCRIPT')) throw error;
    }
    return decodeSnapshot(await run(['EVAL', SNAPSHOT_SCRIPT, ...args]));
  }

  /** Adds the keys of a snapshot taken with dumps, each to expire when it would have. */
  async restore(snapshot: Snapshot): Promise<void> {
    const commands = [...snapshot.keys.values()].flatMap(({ name, pttl, dump }): Command[] => {
      if (!dump) return [];
      const expiry = pttl === null ? '0' : String(snapshot.time + pttl);
      return [['RESTORE', name, expiry, dump, 'REPLACE', 'ABSTTL']];
    });
    await this.pipeline(commands);
  }

  /** Lets what is under way finish, unless the server answers nobody. Safe to call when the connection is gone. */
  async close(): Promise<void> {
    if (!this.#client.isOpen) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, PARTING);
    });
    await Promise.race([Promise.allSettled(this.#unanswered), late]);
    clearTimeout(timer);
    // By then the server may have closed it.
    if (this.#client.isOpen) this.#client.destroy();
  }
}

function errorReply(error: unknown): Reply {
  if (error instanceof ErrorReply) return { type: 'error', bytes: Buffer.from(error.message) };
  throw lost(error);
}

function lost(error: unknown): ConnectionLost {
  return new ConnectionLost((error as Error).message, { cause: error });
}
