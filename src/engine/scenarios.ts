import { basename } from 'node:path';
import { resultOf } from '../checks/result.ts';
import type { CheckResult, ScheduleStory, Verdict } from '../checks/verdict.ts';
import { withUniqueIds } from '../checks/words/id.ts';
import { ActorPool, type Module } from '../code/actor-pool.ts';
import { explore } from '../code/explore.ts';
import type { CaseFailure } from '../code/failure.ts';
import { BadScenario, lineIn, loadScenario } from '../code/load-scenario.ts';
import { Play, type Played, ScenarioFault } from '../code/play.ts';
import { findPython } from '../code/python.ts';
import type { Case, Scenario } from '../code/scenario.ts';
import { NoTypeScript, withoutTypes } from '../code/strip-types.ts';
import type { Thrown } from '../code/wire.ts';
import { failureText } from '../code/words.ts';
import type { CodeAnswer, CodeModule, Exercise } from '../course/course.ts';
import { NotTrusted } from '../failure.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { CourseFault } from './course-fault.ts';
import { whyNotHere } from './needs.ts';
import type { Open } from './stage.ts';
import { Turns } from './turns.ts';

/** Most schedules that are tried of one case. */
const MOST_SCHEDULES = 20_000;
/** Longest that an actor may compute without pause, in ms. */
const LIMIT = 3000;
/** The same where it is watched, and what it does is known. */
const WATCHED_LIMIT = 1500;

/** Nothing here can run code in that language. */
export class NoLanguage extends Error {
  override readonly name = 'NoLanguage';
}

export interface ScenariosOptions {
  /** The course's own code may run: its scenarios are some. */
  trusted?: boolean;
  /** Longest that an actor may compute without pause, in ms. */
  limit?: number;
}

/** Whether no more is to be known, by what a case failed with. */
export type Enough = (message: string) => boolean;

interface Opened {
  sandbox: Sandbox;
  pool: ActorPool;
  folder: string;
}

interface Judged {
  played: Played;
  tried: number;
}

/** Judges modules: what a learner wrote, in the cases of its exercise's scenario, on a private server of its own. */
export class Scenarios {
  readonly #open: Open;
  readonly #trusted: boolean;
  readonly #limit: number;
  /** Hears how far the search for a schedule that fails has come. */
  onTried: (title: string, tried: number) => void = () => {};
  #opened: Promise<Opened> | undefined;
  readonly #scenarios = new WeakMap<CodeModule, Promise<Scenario>>();
  /** By exercise and title: the schedule that failed last. */
  readonly #failing = new Map<string, readonly string[]>();
  readonly #turns = new Turns();

  /** `open` gives a private sandbox; it rejects with NoRedis where none can be had. */
  constructor(open: Open, { trusted = false, limit = LIMIT }: ScenariosOptions = {}) {
    this.#open = open;
    this.#trusted = trusted;
    this.#limit = limit;
  }

  /** No further case is played once what one failed with is `enough`. Rejects with NoRedis, NoLanguage, NotTrusted, and CourseFault where the scenario is wrong. */
  judge(exercise: Exercise, code: CodeAnswer, enough: Enough = () => false): Promise<Verdict> {
    return this.#take(() => this.#judge(exercise, code, enough));
  }

  /** Has the module read and the first case played, for what it prints; what went wrong, where something did. */
  run(exercise: Exercise, code: CodeAnswer): Promise<{ output: string[]; message: string }> {
    return this.#take(() => this.#run(exercise, code));
  }

  /** The same schedule again, with the state of the keys after each row. */
  replay(exercise: Exercise, code: CodeAnswer, story: ScheduleStory): Promise<ScheduleStory> {
    return this.#take(() => this.#replay(exercise, code, story));
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    const { sandbox, pool } = (await opened?.catch(() => undefined)) ?? {};
    pool?.close();
    await sandbox?.close();
  }

  /** One at a time: there is one server for all, and what was there before goes. */
  #take<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(work, () => this.close());
  }

  async #judge(exercise: Exercise, code: CodeAnswer, enough: Enough): Promise<Verdict> {
    const own = exercise.module!;
    const scenario = await this.#scenarioOf(own);
    let module: Module;
    try {
      module = await moduleOf(code, scenario);
    } catch (error) {
      if (!(error instanceof NoTypeScript)) throw error;
      return failedAtOnce(scenario, unreadable(error, code), code);
    }
    const { sandbox } = await this.#ready();
    const results: CheckResult[] = [];
    let story: ScheduleStory | undefined;
    let output: string[] = [];
    let elsewhere = 0;
    const order = [
      ...scenario.cases.filter((one) => !one.explore),
      ...scenario.cases.filter((one) => one.explore),
    ];
    for (const one of order) {
      if (one.explore && results.some(({ status }) => status === 'failed')) break;
      if (one.needs && (await whyNotHere({ needs: one.needs }, sandbox)) !== undefined) {
        elsewhere++;
        continue;
      }
      const { played, tried } = await this.#try(exercise, one, module);
      results.push(resultOfCase(one, played.failure, code));
      if (output.length === 0) output = played.output;
      if (!played.failure) continue;
      if (!story && (one.explore || played.schedule.actors.length > 1))
        story = { title: one.title, schedule: played.schedule, tried };
      if (isForAll(played.failure) || enough(results.at(-1)!.message)) break;
    }
    const held = results.filter(({ status }) => status === 'passed').length;
    return {
      status: held === results.length ? 'passed' : 'failed',
      ...(exercise.parts && { parts: { held, of: order.length - elsewhere } }),
      checks: withUniqueIds(results),
      ...(story && { schedule: story }),
      ...(output.length > 0 && { output }),
    };
  }

  async #run(exercise: Exercise, code: CodeAnswer): Promise<{ output: string[]; message: string }> {
    const scenario = await this.#scenarioOf(exercise.module!);
    const one = scenario.cases.find(({ explore }) => !explore) ?? scenario.cases[0]!;
    const module = await moduleOf(code, scenario).catch((error) => error);
    if (module instanceof NoTypeScript) return { output: [], message: failureText(unreadable(module, code)) };
    if (module instanceof Error) throw module;
    const played = await this.#play(one, module, exercise.module!, { choices: [] });
    const { message } = resultOfCase(one, played.failure, code);
    return { output: played.output, message };
  }

  async #replay(
    exercise: Exercise,
    code: CodeAnswer,
    { title, schedule }: ScheduleStory,
  ): Promise<ScheduleStory> {
    const scenario = await this.#scenarioOf(exercise.module!);
    const one = scenario.cases.find((each) => each.title === title)!;
    const module = await moduleOf(code, scenario);
    const played = await this.#play(one, module, exercise.module!, {
      choices: schedule.choices,
      states: true,
    });
    return { title, schedule: played.schedule, tried: 1 };
  }

  async #try(exercise: Exercise, one: Case, module: Module): Promise<Judged> {
    if (!one.explore)
      return { played: await this.#play(one, module, exercise.module!, { choices: [] }), tried: 1 };
    const name = `${exercise.id} ${one.title}`;
    let last: Played | undefined;
    let tried = 0;
    const found = await explore(
      async (choices) => {
        last = await this.#play(one, module, exercise.module!, { choices });
        this.onTried(one.title, ++tried);
        return last;
      },
      { bound: one.explore.bound ?? 2, most: MOST_SCHEDULES, first: this.#failing.get(name) },
    );
    if (found.failing) this.#failing.set(name, found.failing.schedule.choices);
    else this.#failing.delete(name);
    return { played: found.failing ?? last!, tried: found.tried };
  }

  async #play(
    one: Case,
    module: Module,
    { at, scenario }: CodeModule,
    how: { choices: readonly string[]; states?: boolean },
  ): Promise<Played> {
    const { sandbox, pool } = await this.#ready();
    try {
      const run = (from: ActorPool, limit: number) =>
        Play.run(one, {
          engine: sandbox.engine,
          process: (index) => from.take(index, module),
          limit,
          ...how,
        });
      const played = await run(pool, this.#limit);
      return played.failure?.kind === 'hung' ? await this.#again(played, module, run) : played;
    } catch (error) {
      if (!(error instanceof ScenarioFault)) throw error;
      const line = lineIn(error.cause ?? error, scenario.file);
      throw new CourseFault(error.message, line ? { file: scenario.file, line, column: 1 } : at, {
        cause: error,
      });
    }
  }

  /** What hangs is run again by processes that tell where they hang; else it is what it was. */
  async #again(
    played: Played,
    module: Module,
    run: (pool: ActorPool, limit: number) => Promise<Played>,
  ): Promise<Played> {
    const { sandbox, folder } = await this.#ready();
    const pool = new ActorPool({
      target: sandbox.learnerTarget,
      folder,
      limit: WATCHED_LIMIT,
      watched: true,
    });
    try {
      const again = await run(pool, WATCHED_LIMIT);
      if (again.failure?.kind !== 'hung') return played;
      const place = again.failure.at.find((one) => one.startsWith(`${module.file}:`));
      if (place) {
        const line = Number(place.slice(module.file.length + 1));
        again.failure.error = { name: '', message: '', file: module.file, line };
      }
      return again;
    } finally {
      pool.close();
    }
  }

  #scenarioOf(module: CodeModule): Promise<Scenario> {
    if (!this.#trusted) return Promise.reject(new NotTrusted());
    const known = this.#scenarios.get(module);
    if (known) return known;
    const loaded = loadScenario(module.scenario).catch((error) => {
      if (!(error instanceof BadScenario)) throw error;
      const { file } = module.scenario;
      throw new CourseFault(error.message, error.line ? { file, line: error.line, column: 1 } : module.at);
    });
    this.#scenarios.set(module, loaded);
    return loaded;
  }

  #ready(): Promise<Opened> {
    this.#opened ??= this.#openAll();
    return this.#opened;
  }

  async #openAll(): Promise<Opened> {
    const sandbox = await this.#open();
    const folder = sandbox.folder!;
    const pool = new ActorPool({ target: sandbox.learnerTarget, folder, limit: this.#limit });
    return { sandbox, folder, pool };
  }
}

async function moduleOf(code: CodeAnswer, { exports }: Scenario): Promise<Module> {
  const { language, source } = code;
  const file = nameOf(code);
  if (language === 'python') {
    const python = await findPython();
    if ('missing' in python) throw new NoLanguage(python.missing);
    return { language, file, source, exports, python: python.command };
  }
  return { language, file, source: file.endsWith('ts') ? await withoutTypes(source) : source, exports };
}

function unreadable({ line, message }: NoTypeScript, code: CodeAnswer): CaseFailure {
  const error: Thrown = { name: 'SyntaxError', message, file: nameOf(code), ...(line && { line }) };
  return { kind: 'unreadable', error };
}

function nameOf({ file, language }: CodeAnswer): string {
  return file ?? (language === 'python' ? 'answer.py' : 'answer.js');
}

/** Where every other case would fail just the same. */
function isForAll({ kind }: CaseFailure): boolean {
  return ['unreadable', 'missing', 'hung', 'ended', 'exit', 'long'].includes(kind);
}

function failedAtOnce({ cases }: Scenario, failure: CaseFailure, code: CodeAnswer): Verdict {
  return { status: 'failed', checks: [resultOfCase(cases[0]!, failure, code)] };
}

function resultOfCase({ title }: Case, failure: CaseFailure | undefined, code: CodeAnswer): CheckResult {
  const about = { kind: 'case', property: title } as const;
  if (!failure) return resultOf(about, { expected: title, actual: 'it holds' });
  const said = failureText(failure);
  const { expected, actual } = failure as { expected?: string; actual?: string };
  const place = 'error' in failure && failure.error ? placeOf(failure.error, code) : undefined;
  return resultOf(about, {
    expected: expected ?? title,
    actual: actual ?? said,
    fact: {
      code: 'case-failed',
      said,
      ...(expected !== undefined && { expected }),
      ...(actual !== undefined && { actual }),
      ...(place && { place }),
    },
  });
}

function placeOf({ file, line }: Thrown, { source }: CodeAnswer) {
  if (file === undefined || line === undefined) return undefined;
  return { file: basename(file), line, text: source.split('\n')[line - 1]?.trim() ?? '' };
}
