import type { Verdict } from '../checks/verdict.ts';
import type { Exercise } from '../course/course.ts';
import { BadUsage, NoRedis } from '../failure.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Submission } from './answers.ts';
import { Attempt } from './attempt.ts';
import { CodeAttempts } from './code-attempts.ts';
import { CourseFault } from './course-fault.ts';

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
        if (again)
          return { exercise, verdict: failed('The connection to Redis was lost as the answer ran.') };
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
    const ran = attempt.runAll(answer);
    if (await endsWithin(this.#limit, ran)) return attempt.judge();
    await this.#stop();
    return failed(`The answer did not end within ${this.#limit / 1000} s.`);
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
        await this.#stop();
        if (code === this.#code) await code.adoptKeys(attempt);
      }
      // Rejects where the server is gone, which need not be the fault of the code.
      await this.#sandbox.engine.send(['PING']);
      return failed(`The code failed: ${ran.message}`);
    } finally {
      // What it left running must not meddle with the next exercise.
      code.endCode();
    }
  }

  /** Ends what an answer still has the server do. */
  async #stop(): Promise<void> {
    if (this.#sandbox.kind === 'private') return this.#replace();
    // What blocks ends with its connection. A script does not, and we end nobody's script on a server not ours.
    await this.#sandbox.reconnect().catch((cause) => {
      throw new NoRedis(`${this.#sandbox.description}, does not answer: an answer keeps it busy.`, {
        next: 'Where that is a script, end it there: redis-cli SCRIPT KILL',
        cause,
      });
    });
  }

  /** After a lost connection: QUIT loses the learner's alone. */
  async #recover(): Promise<void> {
    try {
      await this.#sandbox.reconnect();
      await this.#sandbox.clear();
    } catch (cause) {
      if (this.#sandbox.kind === 'private') return this.#replace();
      throw new NoRedis(`${this.#sandbox.description}, went away: ${(cause as Error).message}.`, {
        next: 'Once it is there again, run the check anew.',
        cause,
      });
    }
  }

  async #replace(): Promise<void> {
    await this.#code?.close();
    this.#code = undefined;
    await this.#sandbox.close();
    this.#sandbox = await this.#reopen();
  }
}

/** False where the limit, in milliseconds, came first. */
async function endsWithin(limit: number, lines: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limit);
  });
  try {
    return await Promise.race([lines.then(() => true), late]);
  } finally {
    clearTimeout(timer);
    // They end with the connection, and that was not lost by accident.
    lines.catch(() => {});
  }
}

function isLost(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConnectionLost';
}

function unjudged(error: Error): Verdict {
  return { status: 'error', checks: [], error };
}

function failed(message: string): Verdict {
  const what = { expected: 'an answer that runs to its end', actual: message };
  return { status: 'failed', checks: [{ id: 'answer', status: 'failed', message, ...what }] };
}
