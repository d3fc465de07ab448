import { brokenOff } from '../checks/result.ts';
import type { Verdict } from '../checks/verdict.ts';
import type { Exercise } from '../course/course.ts';
import { BadUsage, NoRedis } from '../failure.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Submission } from './answers.ts';
import { Attempt } from './attempt.ts';
import { CodeAttempts } from './code-attempts.ts';
import { CourseFault } from './course-fault.ts';
import { inTime, renewed, Unfinished } from './unfinished.ts';

export interface Checked {
  exercise: Exercise;
  /** Absent where nothing was submitted. */
  verdict?: Verdict;
}

export interface SelfCheckOptions {
  /** Longest that one answer may take, in milliseconds: a BLPOP without end is an answer that never comes. */
  limit: number;
  /** Opens another private sandbox, when one was lost or never comes to rest. Rejects with NoRedis. */
  reopen: () => Promise<Sandbox>;
}

/** Judges submissions as the prompt would, one after the other; none can harm the next. */
export class SelfCheck {
  #sandbox: Sandbox;
  readonly #limit: number;
  readonly #reopen: () => Promise<Sandbox>;
  #code: CodeAttempts | undefined;

  constructor(sandbox: Sandbox, { limit, reopen }: SelfCheckOptions) {
    this.#sandbox = sandbox;
    this.#limit = limit;
    this.#reopen = reopen;
  }

  /** Rejects with NoRedis where the server is gone and no other can be had. */
  async judge(exercise: Exercise, submission: Submission | undefined): Promise<Checked> {
    if (!submission) return { exercise };
    for (let again = false; ; again = true) {
      try {
        return { exercise, verdict: await this.#verdictOn(exercise, submission) };
      } catch (error) {
        if (error instanceof CourseFault) return { exercise, verdict: unjudged(error) };
        if (!isLost(error)) throw error;
        await this.#recover();
        // Bad luck may strike once; twice, and it is what the answer does.
        if (again) return { exercise, verdict: brokenOff({ code: 'connection-lost' }) };
      }
    }
  }

  async close(): Promise<void> {
    await this.#code?.close();
    await this.#sandbox.close();
  }

  async #verdictOn(exercise: Exercise, submission: Submission): Promise<Verdict> {
    const verdict = await (submission.kind === 'lines'
      ? this.#judgeLines(exercise, submission)
      : this.#judgeCode(exercise, submission));
    if (isLost(verdict.error)) throw verdict.error;
    return verdict;
  }

  async #judgeLines(exercise: Exercise, { answer }: Submission & { kind: 'lines' }): Promise<Verdict> {
    const attempt = await Attempt.begin(this.#sandbox, exercise);
    try {
      await inTime(this.#limit, attempt.runAll(answer));
    } catch (error) {
      if (!(error instanceof Unfinished)) throw error;
      if (isLost(error.cause)) throw error.cause;
      await this.#renew();
      return brokenOff({ code: 'unfinished', what: error.message });
    }
    return attempt.judge();
  }

  async #judgeCode(exercise: Exercise, { snippet }: Submission & { kind: 'code' }): Promise<Verdict> {
    this.#code ??= await CodeAttempts.open(this.#sandbox, this.#limit);
    const code = this.#code;
    const { attempt, ran } = await code.run(exercise, snippet);
    try {
      if (ran.kind === 'done') return await attempt.judge();
      if (ran.kind === 'unavailable')
        return unjudged(new BadUsage(`The code cannot run here: ${ran.message}.`));
      if (ran.kind === 'late') {
        await this.#renew();
        if (code === this.#code) await code.adoptKeys(attempt);
      }
      // Rejects where the server is gone, which need not be the fault of the code.
      await this.#sandbox.engine.send(['PING']);
      return brokenOff({ code: 'code-failed', what: ran.message });
    } finally {
      // What it left running must not meddle with the next exercise.
      code.endCode();
    }
  }

  /** Ends what an answer still has the server do. */
  async #renew(): Promise<void> {
    if (this.#sandbox.kind === 'private') {
      await this.#code?.close();
      this.#code = undefined;
    }
    this.#sandbox = await renewed(this.#sandbox, this.#reopen);
  }

  /** After a lost connection: QUIT loses the learner's alone. */
  async #recover(): Promise<void> {
    try {
      await this.#sandbox.reconnect();
      await this.#sandbox.clear();
    } catch (cause) {
      if (this.#sandbox.kind === 'private') return this.#renew();
      throw new NoRedis(`${this.#sandbox.description}, went away: ${(cause as Error).message}.`, {
        next: 'Once it is there again, run the check anew.',
        cause,
      });
    }
  }
}

function isLost(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConnectionLost';
}

function unjudged(error: Error): Verdict {
  return { status: 'error', checks: [], error };
}
