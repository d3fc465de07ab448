import { NoRedis, NotSetUp } from '../failure.ts';
import type { EngineClient } from '../redis/engine-client.ts';
import type { LearnerClient } from '../redis/learner-client.ts';
import type { Place } from '../redis/place.ts';
import type { Relay } from '../redis/relay.ts';
import type { Target } from '../redis/target.ts';
import type { Access } from './access.ts';
import { discard } from './cache.ts';
import type { Door } from './door.ts';
import type { EntryOptions } from './entrance.ts';
import type { Entry } from './entry.ts';
import { findServerProgram } from './find-program.ts';
import { PrivateServer } from './private-server.ts';
import type { Search, ServerProgram } from './provider.ts';
import type { GiveOptions, Sandbox } from './sandbox.ts';

export interface PrivateOptions extends Partial<Search> {
  /** Answers yes to whatever would be asked. */
  yes?: boolean | undefined;
  /** The program to start, where that was found before. */
  program?: ServerProgram | undefined;
  access?: Access | undefined;
}

/** One of a server that asks something of whoever comes in. */
export interface GuardedSandbox extends PrivateSandbox {
  connect(url: string, options?: EntryOptions): Promise<Entry>;
  place(): Promise<Place>;
}

/** A throw-away server that nobody else uses. */
export class PrivateSandbox implements Sandbox {
  readonly kind = 'private';
  readonly description: string;
  readonly target: Target;
  readonly learnerTarget: Target;
  readonly db = 0;
  readonly scripts = { allowed: true } as const;
  readonly engine: EngineClient;
  learner: LearnerClient;
  relay: Relay | undefined;
  readonly lost: Promise<string>;
  readonly server: PrivateServer;
  readonly folder: string;
  /** As in `Sandbox`. */
  connect?: GuardedSandbox['connect'];
  place?: GuardedSandbox['place'];
  ca?: string;
  #listening: Promise<Relay> | undefined;

  private constructor(server: PrivateServer, engine: EngineClient, learner: LearnerClient) {
    const { product, version, origin } = server.program;
    this.description = `${product} ${version}, private, ${origin}`;
    this.server = server;
    this.folder = server.folder;
    this.target = server.learnerTarget;
    this.learnerTarget = server.learnerTarget;
    this.engine = engine;
    this.learner = learner;
    if (server.door) this.#guard(server.door);
    this.lost = new Promise((resolve) => {
      for (const end of [server.ended, engine.closed])
        void end.then((how) => {
          if (!server.stopping) resolve(how);
        });
    });
  }

  /** Throws NoRedis; with `access` also NotSetUp, which NoTls is one of, and BadAccess. */
  static async open(options: PrivateOptions & { access: Access }): Promise<GuardedSandbox>;
  static async open(options: PrivateOptions & { access?: Access | undefined }): Promise<PrivateSandbox>;
  static async open(options: PrivateOptions & { access?: Access | undefined }): Promise<PrivateSandbox> {
    const server = await start(options.yes ? { ...options, ask: async () => true } : options);
    try {
      const [{ EngineClient }] = await loadClients();
      const [engine, learner] = await Promise.all([
        // What a course gives runs there: it must no more break the server, or reach out of it, than a learner.
        EngineClient.connect(server.learnerTarget, 'rediscover:engine'),
        newLearner(server),
      ]);
      return new PrivateSandbox(server, engine, learner);
    } catch (cause) {
      await server.stop();
      throw new NoRedis(`The private server went away as it was started: ${(cause as Error).message}.`, {
        next: 'Try again, or see rediscover doctor.',
        cause,
      });
    }
  }

  async reconnect(): Promise<void> {
    this.learner.close();
    this.learner = await newLearner(this.server);
  }

  async url(): Promise<string> {
    this.#listening ??= this.#listen();
    const { port } = await this.#listening;
    const { username, password } = this.learnerTarget;
    return `redis://${username}:${password}@127.0.0.1:${port}/${this.db}`;
  }

  async adopt(): Promise<void> {}

  refusalOf(): undefined {}

  async give(commands: Buffer[][], options: GiveOptions = {}) {
    // All in one burst, in this order.
    const [, replies, snapshot] = await Promise.all([
      this.clear(),
      this.engine.pipeline(commands),
      this.engine.snapshot(options),
    ]);
    return { replies, snapshot };
  }

  async clear(): Promise<void> {
    // Before 7.0 there are no functions, and an error says so.
    await this.engine.pipeline([['FLUSHALL'], ['FUNCTION', 'FLUSH']]);
  }

  async close(): Promise<void> {
    this.relay?.close();
    await this.server.stop();
  }

  #guard(door: Door): void {
    if (door.tls) this.ca = door.tls.ca;
    this.connect = async (url, options) => {
      const { enter } = await import('./entrance.ts');
      const came = await enter(door, url, options);
      if ('learner' in came) {
        this.learner.close();
        this.learner = came.learner;
      }
      return came.entry;
    };
    this.place = async () => {
      this.#listening ??= door.tls ? undefined : this.#listen();
      const { host, port } = door.access;
      const at = { host: '127.0.0.1', port: door.tls?.port ?? (await this.#listening!).port };
      return { host, port, at, ...(door.tls && { ca: { text: door.tls.ca, file: door.tls.file } }) };
    };
  }

  async #listen(): Promise<Relay> {
    const { Relay } = await import('../redis/relay.ts');
    this.relay = await Relay.listen(this.learnerTarget, { host: '127.0.0.1', port: 0 });
    return this.relay;
  }
}

/** Where the server asks something of whoever comes in, a learner is nobody until they have said who they are. */
async function newLearner(server: PrivateServer): Promise<LearnerClient> {
  const { LearnerClient } = await import('../redis/learner-client.ts');
  const name = 'rediscover:learner';
  return server.door
    ? LearnerClient.enter(server.door.plain, name)
    : LearnerClient.connect(server.learnerTarget, name);
}

/** What takes long to load does so while the server boots. */
function loadClients() {
  return Promise.all([import('../redis/engine-client.ts'), import('../redis/learner-client.ts')]);
}

/** Starts the first program to be had; one that was fetched and went bad is fetched anew. */
async function start(options: PrivateOptions & { access?: Access | undefined }): Promise<PrivateServer> {
  const program = options.program ?? (await findServerProgram(options));
  const { signal, access } = options;
  const how = { signal, access, meanwhile: () => void loadClients().catch(() => {}) };
  try {
    return await PrivateServer.start(program, how);
  } catch (error) {
    options.signal?.throwIfAborted();
    // One that is as it should be does not get better by being fetched again.
    if (!program.folder || error instanceof NotSetUp || !(error instanceof NoRedis)) throw error;
    await discard(program);
    return PrivateServer.start(await findServerProgram(options), how);
  }
}
