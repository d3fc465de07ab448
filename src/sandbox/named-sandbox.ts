import { NoRedis } from '../failure.ts';
import type { EngineClient } from '../redis/engine-client.ts';
import type { LearnerClient } from '../redis/learner-client.ts';
import type { Target } from '../redis/target.ts';
import { BoundedClients } from './bounded-clients.ts';
import { makeUser, newUserName } from './bounded-user.ts';
import { type Bounds, refusalOf } from './command-filter.ts';
import { type NamedOptions, readNamedTarget } from './named-target.ts';
import { type Occupied, Ownership } from './ownership.ts';
import { checkPermissions } from './permissions.ts';
import type { Sandbox, Scripts } from './sandbox.ts';
import { addressOf, attempt, type Survey, survey } from './survey.ts';

/** How many logical databases a server has unless it is told otherwise. */
const DATABASES = 16;

interface Parts {
  known: Survey;
  /** How the user named it. */
  named: Target;
  /** As who works there. */
  target: Target;
  scripts: Scripts;
  keeper: EngineClient;
  engine: EngineClient;
  learner: LearnerClient;
  ownership: Ownership;
  user: string;
}

/**
 * One database of a server that the user named, and of that only what we made. Lessons, learners and their code
 * act there as a user made for the time, who cannot leave the database.
 */
export class NamedSandbox implements Sandbox {
  readonly kind = 'named';
  readonly relay = undefined;
  readonly description: string;
  readonly target: Target;
  readonly learnerTarget: Target;
  readonly db: number;
  readonly scripts: Scripts;
  readonly engine: EngineClient;
  learner: LearnerClient;
  readonly lost: Promise<string>;
  readonly #parts: Parts;
  readonly #bounds: Bounds;
  readonly #clients: BoundedClients;
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts) {
    const { known, named, target, scripts, keeper, ownership } = parts;
    this.target = target;
    this.learnerTarget = target;
    this.db = target.db ?? 0;
    this.scripts = scripts;
    this.description = `${known.product} ${known.version} at ${addressOf(named)}, database ${this.db}`;
    this.#parts = parts;
    this.#bounds = { db: this.db, login: target, scripts };
    this.#clients = new BoundedClients(ownership, this.#bounds, keeper.send.bind(keeper));
    this.engine = this.#clients.engine(parts.engine, () => this.learner);
    this.learner = this.#clients.learner(parts.learner);
    this.lost = new Promise((resolve) => {
      void this.engine.closed.then((how) => {
        if (!this.#closing) resolve(how);
      });
    });
  }

  /** Throws NoRedis within 5 s where the server can't be used, or the database is not empty; or BadUsage. */
  static async open(options: NamedOptions & { redis: string }): Promise<NamedSandbox> {
    const named = await readNamedTarget(options.redis, options);
    const known = await survey(named);
    await attempt(named, () => checkPermissions(named));
    const { EngineClient } = await import('../redis/engine-client.ts');
    const keeper = await attempt(named, () => EngineClient.connect(named, 'rediscover:keeper'));
    try {
      const user = newUserName();
      const send = keeper.send.bind(keeper);
      const ownership = await attempt(named, () => Ownership.take(send, { user, version: known.version }));
      if (!(ownership instanceof Ownership)) throw occupied(ownership, options, named, known);
      try {
        return await attempt(named, () => enter({ known, named, keeper, ownership, user }));
      } catch (error) {
        await leave({ named, keeper, ownership, user });
        throw error;
      }
    } catch (error) {
      await keeper.close();
      throw error;
    }
  }

  /** For `enter` alone. */
  static of(parts: Parts): NamedSandbox {
    return new NamedSandbox(parts);
  }

  async reconnect(): Promise<void> {
    const { LearnerClient } = await import('../redis/learner-client.ts');
    await this.#endScript();
    this.learner.close();
    this.learner = this.#clients.learner(await LearnerClient.connect(this.target, 'rediscover:learner'));
  }

  async url(): Promise<string> {
    const { username = '', password, socketPath } = this.target;
    if (socketPath !== undefined)
      throw new NoRedis(
        `${addressOf(this.#parts.named)} is reached by a unix socket, which has no URL for other clients.`,
        {
          next: `Name it by redis://host:port, or use the socket: redis-cli -s ${socketPath} -n ${this.db}`,
        },
      );
    const login =
      password === undefined ? '' : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
    const url = new URL(addressOf({ ...this.target, username: undefined }));
    return `${url.protocol}//${login}${url.host}/${this.db}`;
  }

  refusalOf(command: readonly Buffer[], db?: number): string | undefined {
    return refusalOf(command, this.#bounds, db);
  }

  give(commands: Buffer[][], options: { dumps?: boolean } = {}) {
    return this.#clients.give(this.engine, commands, options);
  }

  adopt(names: Buffer[]): Promise<void> {
    return this.#parts.ownership.adopt(names);
  }

  clear(): Promise<void> {
    return this.#clients.clear();
  }

  close(): Promise<void> {
    this.#closing ??= this.#leave();
    return this.#closing;
  }

  /**
   * A script of ours that never ends keeps everybody on the server waiting. It is ours where the server is busy with one
   * and we wait for an answer: with another's, we would have been refused.
   * Source: https://redis.io/docs/latest/commands/script-kill/
   */
  async #endScript(): Promise<void> {
    if (!this.engine.waiting && !this.learner.waiting) return;
    const { keeper } = this.#parts;
    const isBusy = async () => {
      const reply = await keeper.send(['PING']);
      return reply.type === 'error' && /^BUSY\b/.test(reply.bytes.toString());
    };
    // It dies a moment later, and not at all once it has written.
    while ((await isBusy()) && (await keeper.send(['SCRIPT', 'KILL'])).type !== 'error');
  }

  async #leave(): Promise<void> {
    this.#endScript().catch(() => {});
    this.learner.close();
    await this.engine.close();
    // Asked all at once: a server that answers nobody does not keep us, and our next start finds what is left there.
    await Promise.all([leave(this.#parts), this.#parts.keeper.close()]);
  }
}

/** Makes the user of our making, where that may be done, and both connections as that user. */
async function enter(parts: Pick<Parts, 'known' | 'named' | 'keeper' | 'ownership' | 'user'>) {
  const { known, named, keeper, user } = parts;
  const made = await makeUser(keeper.send.bind(keeper), user, { known, db: named.db ?? 0 });
  const target = 'password' in made ? { ...named, username: user, password: made.password } : named;
  const scripts: Scripts =
    'password' in made ? { allowed: true } : { allowed: false, ...whoAllows(named.username ?? 'default') };
  const [{ EngineClient }, { LearnerClient }] = await Promise.all([
    import('../redis/engine-client.ts'),
    import('../redis/learner-client.ts'),
  ]);
  const [engine, learner] = await Promise.allSettled([
    EngineClient.connect(target, 'rediscover:engine'),
    LearnerClient.connect(target, 'rediscover:learner'),
  ]);
  if (engine.status === 'fulfilled' && learner.status === 'fulfilled')
    return NamedSandbox.of({ ...parts, target, scripts, engine: engine.value, learner: learner.value });
  if (engine.status === 'fulfilled') await engine.value.close();
  if (learner.status === 'fulfilled') learner.value.close();
  throw engine.status === 'rejected' ? engine.reason : (learner as PromiseRejectedResult).reason;
}

function whoAllows(user: string) {
  return {
    because: `the user ${user} may not make a user that stays in one database`,
    acl: `ACL SETUSER ${user} +acl|setuser +acl|deluser`,
  };
}

async function leave({
  named,
  keeper,
  ownership,
  user,
}: Pick<Parts, 'named' | 'keeper' | 'ownership' | 'user'>) {
  // First, on the same connection: nothing of ours runs any more when its keys are removed.
  const removed = keeper.send(['ACL', 'DELUSER', user]).catch(() => {});
  await ownership.leave().catch(() => abandon(named, ownership));
  await removed;
}

/** Our connection is lost. A server that is gone took its keys along, or keeps them for our next start to find. */
async function abandon(named: Target, ownership: Ownership): Promise<void> {
  const { EngineClient } = await import('../redis/engine-client.ts');
  try {
    const keeper = await EngineClient.connect(named);
    await Promise.all([ownership.abandon(keeper.send.bind(keeper)), keeper.close()]);
  } catch {}
}

function occupied(
  by: Occupied,
  options: NamedOptions & { redis: string },
  target: Target,
  known: Survey,
): NoRedis {
  const db = target.db ?? 0;
  const next = howToGoOn(options, target, known, db);
  const name = addressOf(target);
  if (by.by === 'another')
    return new NoRedis(`Another Rediscover works in database ${db} of ${name}.`, { next });
  const are = by.count === 1 ? 'is' : 'are';
  return new NoRedis(`Database ${db} of ${name} holds ${keys(by.count)} that ${are} not ours.`, { next });
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
  const place = addressOf({ ...target, username: undefined });
  if (password === undefined && !username) return place;
  const secret = password === undefined ? '' : ':PASSWORD';
  return place.replace('://', `://${encodeURIComponent(username)}${secret}@`);
}
