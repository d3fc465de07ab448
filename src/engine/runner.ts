import { brokenOff } from '../checks/result.ts';
import type { Verdict } from '../checks/verdict.ts';
import { NoTypeScript, withoutTypes } from '../code/strip-types.ts';
import {
  type Answer,
  type CodeAnswer,
  type Exercise,
  type LinesAnswer,
  placeOf,
  type Step,
} from '../course/course.ts';
import { BadUsage, NoRedis, NoTls, NotHere, NotTrusted } from '../failure.ts';
import { nameOf } from '../redis/snapshot.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Attempt } from './attempt.ts';
import { CodeRerun } from './code-rerun.ts';
import { CourseFault } from './course-fault.ts';
import { type DemoFault, tryDemos } from './demo.ts';
import { asWhyNot, listens, whyNotHere } from './needs.ts';
import { type Enough, NoLanguage, Scenarios } from './scenarios.ts';
import { type Open, Stage } from './stage.ts';
import { inTime, LIMIT, Stuck, Unfinished } from './unfinished.ts';
import { Worlds } from './worlds.ts';

/** A private server beside one that others use too. */
const ALONE = 'alone';

/** What running an answer led to. */
export interface Judged {
  verdict: Verdict;
  /** Where the answer came to its end: it can be judged again. */
  attempt?: Attempt;
  /** Why the exercise cannot be solved on this server, whatever is answered; the verdict is an error then. */
  unsolvable?: string;
  /** Why nothing here can run code in this language; the verdict is an error then. */
  unavailable?: string;
  /** The answer was given its time, and did not come to its end. */
  late?: boolean;
}

export interface RunnerOptions {
  /** Longest that one answer may take, in milliseconds: a BLPOP without end is an answer that never comes. */
  limit?: number;
  /** Opens another sandbox like the first, in the place of one that was lost or never comes to rest; and those of lessons. */
  reopen: Open;
  /** Opens a private sandbox for other worlds. */
  aside: Open;
  /** The course's own code may run. */
  trusted?: boolean;
  /** Code that comes to its end leaves nothing running: its process serves the next as well. */
  keepsCode?: boolean;
}

/**
 * The one way to run an answer, lines or code, from the given state to a verdict: with its time limit, on a sandbox that
 * is put right or replaced whatever the answer did to it. None can harm the next.
 */
export class Runner {
  /** Whether the course's own code may run. */
  readonly trusted: boolean;
  /** Where the exercise at hand is done. */
  #stage: Stage;
  #place = '';
  #exercise: Exercise | undefined;
  /** Whether the usual server is one that others use too. */
  readonly #named: boolean;
  /** All that were opened, by `placeOf`, or ALONE. */
  readonly #stages = new Map<string, Stage>();
  readonly #limit: number;
  readonly #reopen: Open;
  readonly #aside: Open;
  readonly #worlds: Worlds;
  readonly #scenarios: Scenarios;
  readonly #keepsCode: boolean;
  #attempt: Attempt | undefined;
  /** Why nothing can be run any more. */
  #gone: unknown;

  constructor(
    sandbox: Sandbox,
    { limit = LIMIT, reopen, aside, trusted = false, keepsCode = false }: RunnerOptions,
  ) {
    this.#stage = new Stage(sandbox, limit);
    this.#stages.set('', this.#stage);
    this.#named = sandbox.kind === 'named';
    this.#aside = aside;
    this.#limit = limit;
    this.#reopen = reopen;
    this.#worlds = new Worlds(aside, limit);
    this.trusted = trusted;
    this.#scenarios = new Scenarios(aside, { trusted });
    this.#keepsCode = keepsCode;
  }

  get sandbox(): Sandbox {
    return this.#stage.sandbox;
  }

  /** Where answers are tried besides, for who asks more than `run` does. */
  get worlds(): Worlds {
    return this.#worlds;
  }

  /**
   * A verdict on an answer; `limit` may shorten its time, and a module is judged no further
   * than is `enough`. What the course or a lost server is to blame for is an error.
   * Rejects with NoRedis where the server is gone and no other can be had.
   */
  async run(
    exercise: Exercise,
    answer: Answer,
    { limit = this.#limit, enough }: { limit?: number; enough?: Enough } = {},
  ): Promise<Judged> {
    if (this.#gone) throw this.#gone;
    await this.#leave();
    if (exercise.module) return this.#runModule(exercise, answer, enough);
    for (let again = false; ; again = true) {
      try {
        const unsolvable = await this.whyNot(exercise);
        if (unsolvable !== undefined) return { verdict: unjudged(new NotHere(unsolvable)), unsolvable };
        const judged = await (answer.kind === 'lines'
          ? this.#runLines(exercise, answer, limit)
          : this.#runCode(exercise, answer));
        if (isLost(judged.verdict.error)) throw judged.verdict.error;
        return judged;
      } catch (error) {
        if (error instanceof CourseFault) {
          // Where there is no going on, that is for the next to hear.
          if (error.cause instanceof Unfinished)
            await this.#renew().catch((gone) => {
              this.#gone = gone;
            });
          return { verdict: unjudged(error) };
        }
        if (!isLost(error)) throw error;
        await this.#recover();
        // Bad luck may strike once. Twice, and nobody knows whose fault it is: not the learner's.
        if (again) return { verdict: unjudged(lostTwice(this.sandbox, error)) };
      }
    }
  }

  /** Why the exercise cannot be solved here; undefined where it can. Rejects with ConnectionLost. */
  async whyNot(exercise: Exercise): Promise<string | undefined> {
    try {
      await this.#goTo(exercise);
    } catch (error) {
      // What it has not got is no failure; that no server of that kind can be had, where others can, neither.
      if (error instanceof NoTls) return asWhyNot(error);
      if ((error as Error).name === 'BadAccess') throw new CourseFault(asWhyNot(error as Error), exercise.at);
      throw error;
    }
    return exercise.needs.length === 0 ? undefined : whyNotHere(exercise, this.sandbox);
  }

  /** Runs a step's demos as a learner sees them. Throws CourseFault where their given state cannot be built. */
  async demos(step: Step): Promise<DemoFault[]> {
    try {
      await this.#goTo(step.exercise);
      const { faults, fit } = await tryDemos(this.sandbox, step, this.#limit);
      if (!fit) await this.#renew();
      return faults;
    } catch (error) {
      if (error instanceof Unfinished || (error as Error).cause instanceof Unfinished) await this.#renew();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#leave();
    await Promise.all([this.#worlds.close(), this.#scenarios.close()]);
    await Promise.all([...new Set(this.#stages.values())].map((stage) => stage.close()));
  }

  async #runLines(exercise: Exercise, answer: LinesAnswer, limit: number): Promise<Judged> {
    const attempt = await Attempt.begin(this.sandbox, exercise, { worlds: this.#worlds, patience: limit });
    this.#attempt = attempt;
    try {
      await inTime(limit, attempt.runAll(answer));
    } catch (error) {
      if (!(error instanceof Unfinished)) throw error;
      if (error.cause && !attempt.quits) throw error.cause;
      if (!(error instanceof Stuck)) await this.#renew();
      return { verdict: brokenOff({ code: 'unfinished', what: error.message }), late: !error.cause };
    }
    return { verdict: await attempt.judge(), attempt };
  }

  /** A learner's module is judged elsewhere, whatever this server is. */
  async #runModule(exercise: Exercise, answer: Answer, enough?: Enough): Promise<Judged> {
    if (answer.kind === 'lines') return { verdict: brokenOff({ code: 'module-wanted' }) };
    try {
      return { verdict: await this.#scenarios.judge(exercise, answer, enough) };
    } catch (error) {
      if (error instanceof NoLanguage) {
        const verdict = unjudged(new BadUsage(`The code cannot run here: ${error.message}.`));
        return { verdict, unavailable: error.message };
      }
      if (error instanceof CourseFault || error instanceof NotTrusted || isLost(error))
        return { verdict: unjudged(error as Error) };
      throw error;
    }
  }

  async #runCode(exercise: Exercise, written: CodeAnswer): Promise<Judged> {
    const code = await plainJavaScript(written);
    if (code instanceof NoTypeScript)
      return { verdict: brokenOff({ code: 'code-failed', what: wordsOf(code) }) };
    const stage = this.#stage;
    const rig = await stage.rig();
    const attempt = await Attempt.begin(this.sandbox, exercise, {
      relay: rig.relay,
      worlds: this.#worlds,
      rerunOf: (commands) => new CodeRerun(code, commands),
    });
    this.#attempt = attempt;
    const ran = await rig.run(code);
    try {
      if (ran.kind !== 'late') await this.#adoptKeys(attempt);
      if (ran.kind === 'done') return { verdict: await attempt.judge(), attempt };
      if (ran.kind === 'unavailable') {
        const verdict = unjudged(new BadUsage(`The code cannot run here: ${ran.message}.`));
        return { verdict, unavailable: ran.message };
      }
      if (ran.kind === 'late') {
        await this.#renew();
        if (stage === this.#stage) await this.#adoptKeys(attempt);
      }
      // Rejects where the server is gone, which need not be the fault of the code.
      await this.sandbox.engine.send(['PING']);
      const reason = ran.kind === 'failed' && ran.error?.reply ? await whyRefused(attempt) : undefined;
      const verdict = brokenOff({ code: 'code-failed', what: ran.message }, reason);
      return { verdict, late: ran.kind === 'late' };
    } finally {
      // What it left running must not meddle with the next exercise.
      await rig.leave();
      if (!this.#keepsCode) await Promise.all([stage.endCode(), this.#worlds.endCode()]);
    }
  }

  /** Ends the other clients of the last attempt, which no longer counts. */
  async #leave(): Promise<void> {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    await attempt?.close().catch(() => {});
  }

  /** On a server that the user named, what came during the attempt, and by the code, is ours to remove. */
  async #adoptKeys(attempt: Attempt): Promise<void> {
    if (this.sandbox.kind !== 'named') return;
    const { keys } = await this.sandbox.engine.snapshot();
    const made = [...keys.values()].filter(
      ({ name }) => !attempt.given.keys.has(nameOf(name)) && attempt.mayHaveMade(name),
    );
    await this.sandbox.adopt(made.map(({ name }) => name));
  }

  /** To where the exercise is done: its own server; a private one, where others would be heard; else the usual one. */
  async #goTo(exercise: Exercise | undefined): Promise<void> {
    const alone = this.#named && exercise !== undefined && !exercise.server && listens(exercise);
    const place = alone ? ALONE : placeOf(exercise?.server);
    let stage = this.#stages.get(place);
    if (!stage) {
      const sandbox = alone ? await this.#private() : await this.#reopen(exercise?.server);
      stage = sandbox ? new Stage(sandbox, this.#limit) : this.#stages.get('')!;
      this.#stages.set(place, stage);
    }
    this.#stage = stage;
    this.#place = place;
    this.#exercise = exercise;
  }

  /** Undefined where none can be had. */
  #private(): Promise<Sandbox | undefined> {
    return this.#aside().catch((error) => {
      if (error instanceof NoRedis) return undefined;
      throw error;
    });
  }

  /** A sandbox fit for use, after something did not end on this one. */
  async #renew(): Promise<void> {
    if (this.sandbox.kind === 'private') {
      await this.#stage.close();
      this.#stages.delete(this.#place);
      await this.#goTo(this.#exercise);
      return;
    }
    // What blocks ends with its connection, and a script of ours is ended; nobody else's on a server not ours.
    try {
      await inTime(this.#limit, this.#reconnected());
    } catch (cause) {
      throw new NoRedis(`${this.sandbox.description}, does not answer any more.`, {
        next: 'Where a script keeps it busy, end it there: redis-cli SCRIPT KILL',
        cause,
      });
    }
  }

  async #cleared(): Promise<void> {
    await this.sandbox.reconnect();
    await this.sandbox.clear();
  }

  async #reconnected(): Promise<void> {
    await this.sandbox.reconnect();
    const reply = await this.sandbox.learner.send([Buffer.from('PING')]);
    // A server that is busy with a script lets others in, and answers nothing.
    if (reply.type === 'error') throw new Error(reply.bytes.toString());
  }

  /** After a lost connection. */
  async #recover(): Promise<void> {
    try {
      await inTime(this.#limit, this.#cleared());
    } catch (cause) {
      if (this.sandbox.kind === 'private') return this.#renew();
      throw new NoRedis(`${this.sandbox.description}, went away: ${(cause as Error).message}.`, {
        next: 'Once it is there again, run the check anew.',
        cause,
      });
    }
  }
}

/** What was written in TypeScript, without its types. */
async function plainJavaScript(code: CodeAnswer): Promise<CodeAnswer | NoTypeScript> {
  if (!code.file?.endsWith('ts')) return code;
  try {
    return { ...code, source: await withoutTypes(code.source) };
  } catch (error) {
    if (error instanceof NoTypeScript) return error;
    throw error;
  }
}

function wordsOf({ line, message }: NoTypeScript): string {
  return line === undefined ? message : `line ${line}: ${message}`;
}

/** The likely mistake in the command over whose error the code fell, as the prompt would tell it. */
async function whyRefused(attempt: Attempt) {
  const { checks } = await attempt.judge();
  return checks.flatMap(({ reason }) => (reason?.code === 'failed' ? (reason.mistake ?? []) : [])).at(0);
}

function isLost(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConnectionLost';
}

function unjudged(error: Error): Verdict {
  return { status: 'error', checks: [], error };
}

function lostTwice({ description }: Sandbox, cause: unknown): NoRedis {
  return new NoRedis(`The connection to ${description}, was lost as the answer ran, and again.`, {
    next: 'Run it anew; where it stays so, see rediscover doctor.',
    cause,
  });
}
