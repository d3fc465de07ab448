import type { Socket } from 'node:net';
import * as redis from 'redis';
import { type Caller, callerIn } from './node-caller.ts';
import { type Outcome, type Watch, watched } from './node-outcome.ts';

export interface Gate {
  path: string;
  username?: string;
  password?: string;
  db?: number;
}

interface Client {
  isOpen: boolean;
  connect(): Promise<unknown>;
  destroy(): void;
  on(event: 'error', listener: () => void): unknown;
}

/** The connections of this process to Redis: there is but one Redis, behind the gate. */
export class Clients {
  /** That of the exercise. */
  given: unknown;
  /** What a module gets as 'redis': node-redis, whose clients lead to the gate whatever address they name. */
  readonly library: Record<string, unknown>;
  readonly #file: () => string | undefined;
  #gate: Gate = { path: '' };
  #client: Client | undefined;
  readonly #sockets: Socket[] = [];
  /** Some socket is gone of late: what was on its way to it is never read. */
  #lossy = false;
  #opened: { client: Client; caller: Caller | undefined }[] = [];
  #outcomes: Outcome<unknown>[] = [];
  readonly #watch: Watch;

  /** `file` is the learner's, as stacks name it. */
  constructor(file: () => string | undefined) {
    this.#file = file;
    this.#watch = {
      file,
      onOutcome: (outcome) => void this.#outcomes.push(outcome),
      onDuplicate: (client) => void this.#note(client as Client),
    };
    this.library = {
      ...redis,
      createClient: (options: object = {}) => this.#opens(redis.createClient(this.#led(options))),
      createClientPool: (options: object = {}, pool?: object) =>
        this.#opens(redis.createClientPool(this.#led(options), pool) as never),
    };
  }

  /** Bytes that went to the gate, on the connections that there are. */
  get written(): number {
    return this.#sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  }

  /** How many there are. */
  get connections(): number {
    return this.#sockets.length;
  }

  /** Whether so many bytes came from there. */
  hasRead(delivered: number): boolean {
    return this.#lossy || this.#sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0) >= delivered;
  }

  /** Whoever asks next knows which connections are gone. */
  settled(): void {
    this.#lossy = false;
  }

  get connecting(): boolean {
    return this.#sockets.some(({ connecting }) => connecting);
  }

  /** Connections that the module has opened, and not closed. */
  get open(): { line?: number }[] {
    return this.#opened
      .filter(({ client }) => client.isOpen)
      .map(({ caller }) => (caller?.line === undefined ? {} : { line: caller.line }));
  }

  /** What was asked of Redis, and nobody waits for. Each is told once. */
  unawaited(): { command: string; caller: Caller | undefined }[] {
    const lost = this.#outcomes.filter(({ handled }) => !handled);
    this.#outcomes = [];
    return lost;
  }

  /** `fresh`: with a new connection, whatever the state of the one before. */
  async begin(gate: Gate, fresh: boolean): Promise<void> {
    for (const { client } of this.#opened) if (client.isOpen) client.destroy();
    this.#opened = [];
    this.#outcomes = [];
    this.#gate = gate;
    const kept = !fresh && this.#client?.isOpen;
    if (!kept && this.#client?.isOpen) this.#client.destroy();
    if (!kept) await this.#connect();
  }

  async #connect(): Promise<void> {
    const client = redis.createClient(this.#led({})) as unknown as Client;
    client.on('error', () => {});
    await client.connect();
    this.#client = client;
    this.given = watched(client, this.#watch);
  }

  /** In the place of `Socket.prototype.connect`. */
  readonly connect = (socket: Socket, args: unknown[], connect: (...args: unknown[]) => Socket): Socket => {
    // Node itself passes its arguments on as a list in a list.
    const options = (Array.isArray(args[0]) ? args[0][0] : args[0]) as { path?: string } | null;
    if (typeof options !== 'object' || options?.path !== this.#gate.path) {
      const message = "the code of an exercise reaches the exercise's Redis alone";
      process.nextTick(() => socket.destroy(new Error(message)));
      return socket;
    }
    this.#sockets.push(socket);
    socket.once('close', () => {
      this.#sockets.splice(this.#sockets.indexOf(socket), 1);
      this.#lossy = true;
    });
    return connect(...args);
  };

  #led(options: object) {
    const { path, username, password, db } = this.#gate;
    const { url, socket, database, ...others } = options as Record<string, object | undefined>;
    const login = {
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    };
    return {
      // It would give up on a command after 5 s, which pass here in no time.
      commandOptions: { timeout: undefined },
      ...others,
      ...login,
      database: Number(database ?? db ?? 0),
      socket: {
        ...(socket as { reconnectStrategy?: false }),
        host: undefined,
        port: undefined,
        path,
        tls: false as const,
      },
    } as never;
  }

  #opens(client: unknown) {
    return watched(this.#note(client as Client), this.#watch);
  }

  #note<C extends Client>(client: C): C {
    this.#opened.push({ client, caller: callerIn(new Error().stack, this.#file()) });
    return client;
  }
}
