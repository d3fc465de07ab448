import { NoRedis } from '../failure.ts';
import type { EngineClient } from '../redis/engine-client.ts';
import type { LearnerClient } from '../redis/learner-client.ts';
import type { Target } from '../redis/target.ts';
import { Fence } from './fence.ts';
import { type NamedOptions, readNamedTarget } from './named-target.ts';
import { Ours } from './ours.ts';
import { checkPermissions } from './permissions.ts';
import type { Sandbox } from './sandbox.ts';
import { attempt, nameOf, type Survey, survey } from './survey.ts';

/** How many logical databases a server has unless it is told otherwise. */
const DATABASES = 16;

/** One database of a server that the user named, and of that only what we made. */
export class NamedSandbox implements Sandbox {
  readonly kind = 'named';
  readonly relay = undefined;
  readonly description: string;
  readonly target: Target;
  readonly learnerTarget: Target;
  readonly db: number;
  readonly engine: EngineClient;
  learner: LearnerClient;
  readonly lost: Promise<string>;
  readonly #ours: Ours;
  readonly #fence: Fence;
  #closing: Promise<void> | undefined;

  private constructor(
    known: Survey,
    target: Target,
    engine: EngineClient,
    learner: LearnerClient,
    ours: Ours,
  ) {
    this.target = target;
    this.learnerTarget = target;
    this.db = target.db ?? 0;
    this.description = `${known.product} ${known.version} at ${nameOf(target)}, database ${this.db}`;
    this.#ours = ours;
    this.#fence = new Fence(ours, engine.send.bind(engine), this.db);
    this.engine = this.#fence.engine(engine);
    this.learner = this.#fence.learner(learner);
    this.lost = new Promise((resolve) => {
      void engine.closed.then((how) => {
        if (!this.#closing) resolve(how);
      });
    });
  }

  /** Throws NoRedis within 5 s where the server can't be used, or the database is not empty; or BadUsage. */
  static async open(options: NamedOptions & { redis: string }): Promise<NamedSandbox> {
    const target = await readNamedTarget(options.redis, options);
    const known = await survey(target);
    await attempt(target, () => checkPermissions(target));
    const db = target.db ?? 0;
    const [{ EngineClient }, { LearnerClient }] = await Promise.all([
      import('../redis/engine-client.ts'),
      import('../redis/learner-client.ts'),
    ]);
    const engine = await attempt(target, () => EngineClient.connect(target, 'rediscover:engine'));
    const ours = await attempt(target, () => Ours.mark(engine.send.bind(engine)));
    if (!(ours instanceof Ours)) {
      await engine.close();
      const next = howToGoOn(options, target, known, db);
      throw ours.by === 'another'
        ? new NoRedis(`Another Rediscover works in database ${db} of ${nameOf(target)}.`, { next })
        : new NoRedis(
            `Database ${db} of ${nameOf(target)} holds ${keys(ours.count)} that ${ours.count === 1 ? 'is' : 'are'} not ours.`,
            { next },
          );
    }
    try {
      const learner = await attempt(target, () => LearnerClient.connect(target, 'rediscover:learner'));
      return new NamedSandbox(known, target, engine, learner, ours);
    } catch (error) {
      await ours.leave().catch(() => {});
      await engine.close();
      throw error;
    }
  }

  async reconnect(): Promise<void> {
    const { LearnerClient } = await import('../redis/learner-client.ts');
    this.learner.close();
    this.learner = this.#fence.learner(await LearnerClient.connect(this.target, 'rediscover:learner'));
  }

  async url(): Promise<string> {
    const { username = '', password, socketPath } = this.target;
    if (socketPath !== undefined)
      throw new NoRedis(
        `${nameOf(this.target)} is reached by a unix socket, which has no URL for other clients.`,
        {
          next: `Name it by redis://host:port, or use the socket: redis-cli -s ${socketPath} -n ${this.db}`,
        },
      );
    const login =
      password === undefined ? '' : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
    const url = new URL(nameOf({ ...this.target, username: undefined }));
    return `${url.protocol}//${login}${url.host}/${this.db}`;
  }

  adopt(names: Buffer[]): Promise<void> {
    return this.#ours.adopt(names);
  }

  clear(): Promise<void> {
    return this.#ours.clear();
  }

  close(): Promise<void> {
    this.#closing ??= this.#leave();
    return this.#closing;
  }

  async #leave(): Promise<void> {
    this.learner.close();
    await this.#ours.leave().catch(() => this.#abandon());
    await this.engine.close();
  }

  /** Our connection is lost. A server that is gone took its keys along, or keeps them for our next start to find. */
  async #abandon(): Promise<void> {
    const { EngineClient } = await import('../redis/engine-client.ts');
    try {
      const engine = await EngineClient.connect(this.target);
      await this.#ours.abandon(engine.send.bind(engine));
      await engine.close();
    } catch {}
  }
}

function keys(count: number): string {
  return count === 1 ? '1 key' : `${count} keys`;
}

/** The command to type for an empty database. Never with the password. */
function howToGoOn(
  options: NamedOptions & { redis: string },
  target: Target,
  known: Survey,
  db: number,
): string {
  const empty = Array.from({ length: DATABASES }, (_, index) => index).find(
    (index) => index !== db && !known.keys.has(index),
  );
  if (empty === undefined)
    return 'None of its databases is empty: name another server, or leave out --redis.';
  const { redis, typed = redis === process.env.REDISCOVER_REDIS ? [] : ['--redis', redis] } = options;
  const words = ['rediscover', ...withoutDb(typed), '--db', String(empty)];
  const shown = words.map((word) => shellWord(word.replace(redis, () => withLogin(target))));
  return `Database ${empty} is empty: ${shown.join(' ')}`;
}

function withoutDb(words: string[]): string[] {
  return words.filter((word, at) => !/^--db(=|$)/.test(word) && words[at - 1] !== '--db');
}

/** A word as a shell takes it. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The address as it was typed, but for the password and the database. */
function withLogin(target: Target): string {
  const { username = '', password } = target;
  const place = nameOf({ ...target, username: undefined });
  if (password === undefined && !username) return place;
  const secret = password === undefined ? '' : ':PASSWORD';
  return place.replace('://', `://${encodeURIComponent(username)}${secret}@`);
}
