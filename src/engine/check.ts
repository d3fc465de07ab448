import { type Exercise, type Position, placeOf } from '../course/course.ts';
import { ExitCode } from '../failure.ts';
import { type HandedIn, type Mistake, mistakeText } from './answers-file.ts';
import { Checker, CheckerBroke, type CheckerOptions, type Task } from './checker.ts';
import { CourseFault } from './course-fault.ts';
import { errored, exitCodeOfFault, type Result, totalOf, unjudged, withHelp } from './result.ts';

/** An exercise, and what was handed in for it. */
export interface Item extends Task {
  /** Where it stands. */
  at?: Position;
  mistakes?: Mistake[];
}

/** The exercises to judge, in the course's order, each with what was handed in. */
export function itemsFor(exercises: readonly Exercise[], handedIn: ReadonlyMap<string, HandedIn>): Item[] {
  return exercises.map((exercise) => {
    const { at, answer, mistakes = [] } = handedIn.get(exercise.id) ?? {};
    return {
      exercise,
      ...(at && { at: answer?.kind === 'code' ? answer.at : at }),
      ...(answer && { answer }),
      ...(mistakes.length > 0 && { mistakes }),
    };
  });
}

export interface CheckOptions extends CheckerOptions {
  /** How many exercises are judged side by side, each on servers of its own. */
  jobs: number;
}

/** Judges answers side by side; what becomes of one is nothing to the others. */
export class Check {
  readonly #options: CheckOptions;
  readonly #idle: Checker[] = [];
  readonly #checkers = new Set<Checker>();
  #close: () => void = () => {};
  readonly #closed = new Promise<undefined>((resolve) => {
    this.#close = () => resolve(undefined);
  });
  #isClosed = false;

  private constructor(options: CheckOptions) {
    this.#options = options;
  }

  /** Opens as many checkers as there are jobs, or as can be had. Rejects with NoRedis, BadUsage, or CheckerBroke where none can. */
  static async open(options: CheckOptions): Promise<Check> {
    const check = new Check(options);
    const opened = await Promise.allSettled(Array.from({ length: options.jobs }, () => check.#open()));
    for (const one of opened) if (one.status === 'fulfilled') check.#idle.push(one.value);
    const failed = opened.find((one) => one.status === 'rejected');
    if (check.#idle.length === 0) throw failed?.reason;
    return check;
  }

  /** The server that is judged on, in words. */
  get redis(): string {
    return [...this.#checkers][0]?.redis ?? '';
  }

  /** The result of each, in the order of the items, as soon as all before it are there. Ends early where the check is closed. */
  async *results(items: readonly Item[]): AsyncGenerator<Result, void, undefined> {
    const settle: ((result: Result) => void)[] = [];
    const results = items.map(
      (_, index) =>
        new Promise<Result>((resolve) => {
          settle[index] = resolve;
        }),
    );
    const queue = portionsOf(items).values();
    const work = async () => {
      let checker = this.#idle.pop();
      for (const portion of queue) {
        for (const index of portion) {
          if (this.#isClosed) return;
          const item = items[index]!;
          const known = this.#known(item);
          try {
            checker ??= known ? undefined : await this.#open();
            settle[index]!(known ?? placed(await checker!.judge(taskOf(item)), item));
          } catch (error) {
            settle[index]!(placed(brokenOn(item.exercise, error as Error), item));
            if (checker) await this.#drop(checker);
            checker = undefined;
          }
        }
      }
      if (checker) this.#idle.push(checker);
    };
    const working = Promise.all(Array.from({ length: Math.min(this.#options.jobs, items.length) }, work));
    for (const one of results) {
      const result = await Promise.race([one, this.#closed]);
      if (!result) return;
      yield result;
    }
    await working;
  }

  /** Ends all servers. Safe to call at any time, and twice: what was not judged by then never is. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#close();
    await Promise.all([...this.#checkers].map((checker) => checker.close()));
  }

  /** What needs nobody to judge it. */
  #known({ exercise, answer, mistakes }: Item): Result | undefined {
    const points = exercise.points ?? 1;
    if (mistakes) return mistaken(exercise, mistakes, points);
    // Nobody misses an answer to what can't be solved here, and only there is that to be found out.
    if (answer || exercise.needs.length > 0 || exercise.server) return undefined;
    return withHelp(unjudged(exercise, points), exercise, this.#options.telling);
  }

  async #open(): Promise<Checker> {
    const checker = await Checker.open(this.#options);
    this.#checkers.add(checker);
    if (this.#isClosed) await checker.close();
    return checker;
  }

  async #drop(checker: Checker): Promise<void> {
    this.#checkers.delete(checker);
    await checker.close();
  }
}

/** Indexes of what one checker does in a row: exercises on a lesson's server share it, others stand alone. */
function portionsOf(items: readonly Item[]): number[][] {
  const portions = new Map<string, number[]>();
  for (const [index, { exercise }] of items.entries()) {
    const name = placeOf(exercise.server) || String(index);
    portions.set(name, [...(portions.get(name) ?? []), index]);
  }
  return [...portions.values()];
}

/** What makes another thread worth its start, in exercises of lines; a module takes as long as many of them. */
const WORTH = 24;
const OF_MODULE = 12;

/** How many side by side: as many as were asked for, else one per core as far as that is worth it; never more than have something to do. */
export function jobsFor(items: readonly Item[], asked: number | undefined, cores: number): number {
  const busy = items.filter(({ mistakes }) => !mistakes);
  const weight = busy.reduce((sum, { exercise }) => sum + (exercise.module ? OF_MODULE : 1), 0);
  return Math.max(1, Math.min(asked ?? Math.min(cores, Math.ceil(weight / WORTH)), busy.length));
}

/**
 * 4, 3 or 2 where something could not be judged for want of a sound course, of Redis or of an answers file; 2 where nothing
 * was judged at all; else 0 where all passed, or the score is at least `least` points, and 1 where not. With `least`, a
 * mistake in an answer costs its points alone.
 */
export function exitCodeOf(results: readonly Result[], least?: number): ExitCode {
  const codes = results.flatMap(({ fault }) => (fault ? exitCodeOfFault[fault] : []));
  for (const code of [ExitCode.course, ExitCode.noRedis]) if (codes.includes(code)) return code;
  const counted = results.filter(({ status }) => status !== 'skipped');
  if (!counted.some(({ status }) => status !== 'missing')) return ExitCode.usage;
  if (least !== undefined && totalOf(results).score >= least) return ExitCode.passed;
  if (codes.includes(ExitCode.usage)) return ExitCode.usage;
  if (least !== undefined) return ExitCode.failed;
  return counted.every(({ status }) => status === 'passed') ? ExitCode.passed : ExitCode.failed;
}

/** Whether some answer is a module, which the course's own code judges. */
export function runsScenarios(items: readonly Item[]): boolean {
  return items.some(({ exercise, answer }) => exercise.module !== undefined && answer !== undefined);
}

export function hasWorlds(items: readonly Item[]): boolean {
  return items.some(({ exercise, answer }) => exercise.worlds.length > 0 && answer !== undefined);
}

function taskOf({ exercise, answer }: Item): Task {
  return { exercise, ...(answer && { answer }) };
}

function placed(result: Result, { at }: Item): Result {
  return at ? { ...result, at } : result;
}

function mistaken({ id, title }: Exercise, mistakes: Mistake[], points: number): Result {
  return {
    id,
    title,
    status: 'error',
    score: 0,
    max: points,
    at: mistakes[0]!.at,
    message: mistakes.map(mistakeText).join('\n'),
    fault: 'usage',
    checks: [],
  };
}

/** What the course runs in the checker is the course's fault; what is ours, ours: neither is the learner's. */
function brokenOn(exercise: Exercise, error: Error): Result {
  const fault =
    exercise.module && error instanceof CheckerBroke && error.endless
      ? new CourseFault('the scenario computes without end', error.endless.at ?? exercise.module.at)
      : error;
  return errored(exercise, fault, exercise.points ?? 1);
}
