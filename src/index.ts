import { readFile, realpath } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import type * as api from './api.ts';
import { builtFile } from './built.ts';
import { type Course, exercisesOf } from './course/course.ts';
import { exercisesNamed } from './course/named.ts';
import { type HandedIn, handedInBy, readAnswers, sectionOf } from './engine/answers-file.ts';
import { Check, exitCodeOf, hasWorlds, itemsFor, jobsFor, runsScenarios } from './engine/check.ts';
import { type Result, totalOf } from './engine/result.ts';
import { BadUsage, ExitCode, Failure } from './failure.ts';

export type {
  Answer,
  Check,
  CheckOptions,
  Course,
  Exercise,
  Result,
  ResultCheck,
  Summary,
} from './api.ts';

/**
 * The built-in course, or the one in a folder. Rejects with an error that tells every mistake of it with its place; its
 * `exitCode` is 4, or 2 where there is no such folder. Runs none of its code.
 */
export async function loadCourse(folder?: string): Promise<api.Course> {
  if (folder === undefined) {
    const course = JSON.parse(await readFile(builtFile('course.json'), 'utf8')) as Course;
    ours.add(course);
    return course;
  }
  const place = await realpath(folder).catch((cause) => {
    throw new BadUsage(`There is no folder ${JSON.stringify(folder)}.`, { cause });
  });
  const { loadCourse } = await import('./course/load.ts');
  const { showProblem } = await import('./course/problem.ts');
  const { course, problems } = await loadCourse(place);
  if (course) return course;
  const errors = problems.filter(({ severity }) => severity === 'error');
  throw new Failure(errors.map(showProblem).join('\n'), { exitCode: ExitCode.course });
}

/** The code of all others is somebody else's: it runs where that is said. */
const ours = new WeakSet<object>();

/**
 * Judges answers to a course's exercises, as `rediscover check` does, on private servers of its own. Nothing begins before
 * the iteration does; where that ends, early too, all is closed that was opened. Nothing is read from standard input, nothing
 * written to the terminal, nobody asked. Iterating rejects with an error whose `exitCode` is that of the command: 2 for
 * what was handed in, 3 where there is no Redis.
 */
export function check(course: api.Course, options: api.CheckOptions): api.Check {
  return new CheckUnderWay(course as Course, options);
}

class CheckUnderWay implements api.Check {
  redis: string | undefined;
  readonly #results: Result[] = [];
  readonly #least: api.CheckOptions['minScore'];
  readonly #going: AsyncGenerator<Result, void, undefined>;

  constructor(course: Course, options: api.CheckOptions) {
    this.#least = options.minScore;
    this.#going = this.#go(course, options);
  }

  [Symbol.asyncIterator](): AsyncIterator<api.Result> {
    return this.#going;
  }

  async summary(): Promise<api.Summary> {
    for await (const _ of this.#going);
    const total = totalOf(this.#results);
    const least = leastOf(this.#least, total.max);
    return {
      ...total,
      ...(least !== undefined && { least }),
      exitCode: exitCodeOf(this.#results, least),
    };
  }

  async *#go(course: Course, options: api.CheckOptions): AsyncGenerator<Result, void, undefined> {
    const { signal } = options;
    const items = await itemsOf(course, options);
    if (signal?.aborted) return;
    const check = await open(course, items, options);
    const abort = () => void check.close();
    signal?.addEventListener('abort', abort);
    try {
      if (signal?.aborted) return;
      this.redis = check.redis;
      for await (const result of check.results(items)) {
        this.#results.push(result);
        yield result;
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      await check.close();
    }
  }
}

async function itemsOf(course: Course, options: api.CheckOptions) {
  const { files = [], answers, only = [], onlyAnswered = false, allowOutside = false } = options;
  const ids = exercisesOf(course).map(({ id }) => id);
  if (files.includes('-')) throw new BadUsage('Standard input is not read here: name a file.');
  const handedIn = answers
    ? await given(answers, ids, allowOutside)
    : (await readAnswers(files, { ids, allowOutside })).handedIn;
  const named = await exercisesNamed(course, only);
  const exercises = onlyAnswered ? named.filter(({ id }) => handedIn.has(id)) : named;
  const items = itemsFor(exercises, handedIn);
  if (!exercises.some(({ id }) => handedIn.has(id)))
    throw new BadUsage('There is an answer to none of the exercises asked for.');
  return items;
}

async function given(
  answers: Record<string, api.Answer>,
  ids: readonly string[],
  allowOutside: boolean,
): Promise<Map<string, HandedIn>> {
  const handedIn = new Map<string, HandedIn>();
  for (const [id, answer] of Object.entries(answers)) {
    if (!ids.includes(id)) throw new BadUsage(`There is no exercise ${JSON.stringify(id)}.`);
    handedIn.set(id, await handIn(id, answer, allowOutside));
  }
  return handedIn;
}

async function handIn(id: string, answer: api.Answer, allowOutside: boolean): Promise<HandedIn> {
  const at = { file: id, line: 1, column: 1 };
  if (typeof answer === 'string' || Array.isArray(answer)) {
    const texts = Array.isArray(answer) ? answer : answer.split(/\r?\n/);
    return handedInBy(sectionOf(texts, at), '.', allowOutside);
  }
  if ('source' in answer) return { at, answer: { kind: 'code', ...answer, at }, mistakes: [] };
  const path = resolve(answer.file);
  const include = { name: basename(path), at, line: answer.file };
  return handedInBy({ ...sectionOf([], at), include }, dirname(path), allowOutside);
}

async function open(course: Course, items: ReturnType<typeof itemsFor>, options: api.CheckOptions) {
  const { redis, db, python, timeout = 10_000, hints = 0, solutions = false, jobs } = options;
  const trusted = ours.has(course) || options.trustCourse === true || !runsScenarios(items);
  const { findServerProgram } = await import('./sandbox/find-program.ts');
  const program = redis === undefined ? await findServerProgram() : undefined;
  const asked = redis === undefined ? jobs && within(jobs, 64) : 1;
  return Check.open({
    sandbox: { redis: redis ?? null, db, program, typed: [] },
    limit: timeout,
    trusted,
    python,
    telling: { hints: within(hints, 3, 0), solutions },
    worlds: hasWorlds(items),
    jobs: jobsFor(items, asked, availableParallelism()),
  });
}

function within(number: number, most: number, least = 1): number {
  return Math.max(least, Math.min(most, Math.floor(number)));
}

function leastOf(least: api.CheckOptions['minScore'], max: number): number | undefined {
  if (least === undefined || typeof least === 'number') return least;
  return Math.round(Number.parseFloat(least) * max) / 100;
}
