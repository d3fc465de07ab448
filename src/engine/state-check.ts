import { judge } from '../checks/judge.ts';
import { partsOf } from '../checks/parts.ts';
import type { Check, Exercise } from '../course/course.ts';
import { NoRedis } from '../failure.ts';
import type { EngineClient } from '../redis/engine-client.ts';
import type { Snapshot } from '../redis/snapshot.ts';
import type { NamedOptions } from '../sandbox/named-target.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { CourseFault } from './course-fault.ts';
import { give } from './given.ts';
import { errored, type Result, type Telling, unjudged, withHelp } from './result.ts';
import { resultFor } from './result-for.ts';

/** Keys of a database that are read: one that holds more is no lesson's. */
const MOST_KEYS = 100_000;
/** Nobody knows when the work began: long ago, so that no expiry is too short by now. In ms. */
const LONG_AGO = 10 * 365 * 86_400_000;

export interface StateCheckOptions extends NamedOptions {
  redis: string;
  telling: Telling;
  /** Opens a private sandbox, for given states. */
  aside: () => Promise<Sandbox>;
}

/**
 * Judges exercises by what a server holds now, which is read and never changed. What checks ask besides, commands and
 * their replies, that does not show; nor does it in which worlds what was done would hold.
 */
export class StateCheck {
  /** The server, in words. */
  readonly redis: string;
  readonly #now: Snapshot;
  readonly #db: number;
  readonly #options: StateCheckOptions;
  #aside: Promise<Sandbox> | undefined;

  private constructor(redis: string, now: Snapshot, db: number, options: StateCheckOptions) {
    this.redis = redis;
    this.#now = now;
    this.#db = db;
    this.#options = options;
  }

  /** Reads the database. Throws NoRedis, or BadUsage. */
  static async open(options: StateCheckOptions): Promise<StateCheck> {
    const { readNamedTarget } = await import('../sandbox/named-target.ts');
    const { addressOf, attempt, survey } = await import('../sandbox/survey.ts');
    const { EngineClient } = await import('../redis/engine-client.ts');
    const target = await readNamedTarget(options.redis, options);
    const { product, version, keys } = await survey(target);
    const db = target.db ?? 0;
    const redis = `${product} ${version} at ${addressOf(target)}, database ${db}`;
    const count = keys.get(db) ?? 0;
    if (count > MOST_KEYS)
      throw new NoRedis(`${redis}, holds ${count} keys: too many to be a lesson's.`, {
        next: 'Name the database that was worked in with --db.',
      });
    const read = async () => {
      let engine: EngineClient | undefined;
      try {
        engine = await EngineClient.connect(target, 'rediscover:state');
        return await engine.snapshot();
      } finally {
        await engine?.close();
      }
    };
    return new StateCheck(redis, await attempt(target, read), db, options);
  }

  /** In the order of the exercises. */
  async *results(exercises: readonly Exercise[]): AsyncGenerator<Result, void, undefined> {
    for (const exercise of exercises)
      yield withHelp(await this.#judge(exercise), exercise, this.#options.telling);
  }

  async close(): Promise<void> {
    const aside = this.#aside;
    this.#aside = undefined;
    await (await aside?.catch(() => undefined))?.close();
  }

  async #judge(exercise: Exercise): Promise<Result> {
    const points = exercise.points ?? 1;
    if (!showsInState(exercise))
      return unjudged(exercise, points, 'What it asks for does not show in the state.');
    try {
      const given = agedLike(this.#now, await this.#given(exercise));
      const input = { given, db: this.#db, evidence: { commands: [] } };
      const verdict = judge(exercise, { ...input, now: this.#now });
      if (!exercise.parts || verdict.status !== 'failed') return resultFor(exercise, verdict, points);
      const untouched = judge(exercise, { ...input, now: given });
      return resultFor(exercise, { ...verdict, parts: partsOf(verdict, untouched, false) }, points);
    } catch (error) {
      if (!(error instanceof CourseFault || error instanceof NoRedis)) throw error;
      return errored(exercise, error, points);
    }
  }

  async #given({ given }: Exercise): Promise<Snapshot> {
    if (given.length === 0) return { time: this.#now.time, keys: new Map() };
    this.#aside ??= this.#options.aside();
    return give(await this.#aside, given);
  }
}

/** Whether all that an exercise asks for is to be seen in its keys. */
export function showsInState({ module, server, checks }: Exercise): boolean {
  return module === undefined && server === undefined && checks.every(isOfState);
}

function isOfState(check: Check): boolean {
  if (check.kind === 'any') return check.ways.flat().every(isOfState);
  return check.kind === 'key' || check.kind === 'keys';
}

/** The given state as of long ago; what was to expire then expires when what is there now does. */
function agedLike(now: Snapshot, given: Snapshot): Snapshot {
  const time = now.time - LONG_AGO;
  const keys = new Map(
    [...given.keys].map(([name, state]) => {
      const { pttl } = now.keys.get(name) ?? {};
      const isLeft = state.pttl !== null && typeof pttl === 'number' && pttl <= state.pttl;
      return [name, isLeft ? { ...state, pttl: now.time + pttl - time } : state];
    }),
  );
  return { time, keys };
}
