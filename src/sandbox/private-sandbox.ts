import { NoRedis } from '../failure.ts';
import type { EngineClient } from '../redis/engine-client.ts';
import type { LearnerClient } from '../redis/learner-client.ts';
import type { Relay } from '../redis/relay.ts';
import type { Target } from '../redis/target.ts';
import type { Access } from './access.ts';
import { discard } from './cache.ts';
import { findServerProgram } from './find-program.ts';
import { PrivateServer } from './private-server.ts';
import type { Search } from './provider.ts';
import type { GiveOptions, Sandbox } from './sandbox.ts';

export interface PrivateOptions extends Partial<Search> {
  /** Answers yes to whatever would be asked. */
  yes?: boolean | undefined;
  access?: Access | undefined;
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
  #listening: Promise<Relay> | undefined;

  private constructor(server: PrivateServer, engine: EngineClient, learner: LearnerClient) {
    const { product, version, origin } = server.program;
    this.description = `${product} ${version}, private, ${origin}`;
    this.server = server;
    this.target = server.learnerTarget;
    this.learnerTarget = server.learnerTarget;
    this.engine = engine;
    this.learner = learner;
    this.lost = new Promise((resolve) => {
      for (const end of [server.ended, engine.closed])
        void end.then((how) => {
          if (!server.stopping) resolve(how);
        });
    });
  }

  /** Throws NoRedis. */
  static async open(options: PrivateOptions): Promise<PrivateSandbox> {
    const server = await start(options.yes ? { ...options, ask: async () => true } : options);
    try {
      const [{ EngineClient }, { LearnerClient }] = await loadClients();
      const [engine, learner] = await Promise.all([
        // What a course gives runs there: it must no more break the server, or reach out of it, than a learner.
        EngineClient.connect(server.learnerTarget, 'rediscover:engine'),
        LearnerClient.connect(server.learnerTarget, 'rediscover:learner'),
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
    const { LearnerClient } = await import('../redis/learner-client.ts');
    this.learner.close();
    this.learner = await LearnerClient.connect(this.server.learnerTarget, 'rediscover:learner');
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

  async #listen(): Promise<Relay> {
    const { Relay } = await import('../redis/relay.ts');
    this.relay = await Relay.listen(this.learnerTarget, { host: '127.0.0.1', port: 0 });
    return this.relay;
  }
}

/** What takes long to load does so while the server boots. */
function loadClients() {
  return Promise.all([import('../redis/engine-client.ts'), import('../redis/learner-client.ts')]);
}

/** Starts the first program to be had; one that was fetched and went bad is fetched anew. */
async function start(options: PrivateOptions): Promise<PrivateServer> {
  const program = await findServerProgram(options);
  const how = { signal: options.signal, meanwhile: () => void loadClients().catch(() => {}) };
  try {
    return await PrivateServer.start(program, how);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!program.folder) throw error;
    await discard(program);
    return PrivateServer.start(await findServerProgram(options), how);
  }
}
