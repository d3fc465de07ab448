import { isDeepStrictEqual } from 'node:util';
import type { Verdict } from '../checks/verdict.ts';
import type { Answer, Equivalent, Exercise, Line, Position, Step } from '../course/course.ts';
import { globMatch } from '../course/pattern.ts';
import { sameData } from '../redis/same.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Attempt } from './attempt.ts';
import { CodeAttempts } from './code-attempts.ts';
import { CourseFault } from './course-fault.ts';
import { tryDemos } from './demo.ts';
import type { CourseTestResult, Finding } from './finding.ts';
import { mutantsOf } from './mutants.ts';
import { inTime, LIMIT, Unfinished } from './unfinished.ts';

/** How much longer than the right answers a mutant may take, in milliseconds. */
const MUTANT_LIMIT = 1000;

/** Tries all that a course says of its exercises, one after the other, and adds what it finds to a result. */
export class ExerciseTester {
  #sandbox: Sandbox;
  readonly #renewed: (sandbox: Sandbox) => Promise<Sandbox>;
  readonly #result: CourseTestResult;
  #code: CodeAttempts | undefined;
  /** What the slowest answer to the exercise at hand took, in milliseconds. */
  #longest = 0;

  /** `renewed` gives a sandbox that is fit for use in the place of one on which something never ended. */
  constructor(sandbox: Sandbox, renewed: (sandbox: Sandbox) => Promise<Sandbox>, result: CourseTestResult) {
    this.#sandbox = sandbox;
    this.#renewed = renewed;
    this.#result = result;
  }

  async close(): Promise<void> {
    await this.#code?.close();
  }

  async testDemos(step: Step, subject: string): Promise<void> {
    const demos = step.blocks.filter((block) => block.kind === 'demo');
    if (demos.length === 0) return;
    try {
      const { faults, fit } = await tryDemos(this.#sandbox, step);
      this.#result.counts.demos += demos.length;
      for (const { line, message } of faults)
        this.#found(subject, line.at, 'demo-error', `the demo ${line.text} ${message}`);
      if (!fit) await this.#renew();
    } catch (error) {
      // What is wrong with the given state is told of its exercise.
      if (error instanceof Unfinished) await this.#renew();
      else if (!(error instanceof CourseFault)) throw error;
    }
  }

  async testExercise(exercise: Exercise): Promise<void> {
    try {
      await this.#testGiven(exercise);
      await this.#testAnswers(exercise);
      await this.#testRejects(exercise);
      // Mutants of what fails tell nothing.
      if (!this.#findings(exercise).has('solution-fails')) await this.#testMutants(exercise);
    } catch (error) {
      if (!(error instanceof CourseFault)) throw error;
      this.#found(exercise.id, error.at, 'error', error.reason);
    }
  }

  async #testGiven(exercise: Exercise): Promise<void> {
    const attempt = await this.#inTime(Attempt.begin(this.#sandbox, exercise)).catch((error: Error) => {
      if (!(error instanceof Unfinished)) throw error;
      throw new CourseFault(
        `building the given state ${error.message}`,
        exercise.given[0]?.at ?? exercise.at,
      );
    });
    const verdict = await attempt.judge();
    if (verdict.status !== 'passed') return;
    this.#found(exercise.id, exercise.at, 'given-passes', 'passes before anything is done');
  }

  async #testAnswers(exercise: Exercise): Promise<void> {
    const answers = [
      { answer: exercise.solution, rule: 'solution-fails' as const },
      ...exercise.accept.map((answer) => ({ answer, rule: 'accept-fails' as const })),
    ];
    this.#longest = 0;
    for (const { answer, rule } of answers) {
      this.#result.counts.answers++;
      const started = performance.now();
      const { attempt, verdict } = await this.#judged(exercise, answer);
      this.#mustPass(exercise, verdict, answer.at, rule, textOf(answer));
      if (!attempt) continue;
      this.#longest = Math.max(this.#longest, performance.now() - started);
      const before = attempt.latest;
      const again = await attempt.judge();
      if (!isDeepStrictEqual(outcomes(verdict), outcomes(again))) {
        this.#found(exercise.id, answer.at, 'unstable', `judged twice, ${textOf(answer)} gets two verdicts`);
      }
      if (!sameData(before, attempt.latest)) {
        this.#found(
          exercise.id,
          answer.at,
          'judging-changes-data',
          `judging ${textOf(answer)} changed the data`,
        );
      }
    }
  }

  async testSnippets(exercise: Exercise): Promise<void> {
    // Its given state fails, which has been said.
    if (this.#findings(exercise).has('error')) return;
    for (const snippet of exercise.code) {
      this.#code ??= await CodeAttempts.open(this.#sandbox);
      const { attempt, ran } = await this.#code.run(exercise, snippet);
      const name = `the ${snippet.language} snippet`;
      if (ran.kind === 'unavailable') {
        this.#result.skipped[ran.message] = (this.#result.skipped[ran.message] ?? 0) + 1;
        continue;
      }
      this.#result.counts.snippets++;
      if (ran.kind !== 'done')
        this.#found(exercise.id, snippet.at, 'code-fails', `${name} fails: ${ran.message}`);
      if (ran.kind === 'late') await this.#renew();
      if (ran.kind === 'done')
        this.#mustPass(exercise, await attempt.judge(), snippet.at, 'code-fails', name);
    }
  }

  async #testRejects(exercise: Exercise): Promise<void> {
    for (const miss of exercise.reject) {
      this.#result.counts.rejects++;
      const { verdict } = await this.#judged(exercise, miss.try);
      const said = messagesOf(verdict);
      if (verdict.status === 'passed') {
        this.#found(exercise.id, miss.at, 'reject-passes', `the near miss ${textOf(miss.try)} passes`);
      } else if (verdict.status === 'error' || !said.includes(miss.because)) {
        this.#found(
          exercise.id,
          miss.at,
          'reject-reason',
          `the near miss ${textOf(miss.try)} fails, but without the words "${miss.because}": ${said}`,
        );
      }
    }
  }

  async #testMutants(exercise: Exercise): Promise<void> {
    const right = new Set([exercise.solution, ...exercise.accept].map(wordsOf));
    const used = new Set<Equivalent>();
    for (const mutant of mutantsOf(exercise.solution.lines.map((line) => line.text))) {
      const answer = answerOf(mutant.lines, exercise.solution.at);
      if (right.has(wordsOf(answer))) continue;
      this.#result.counts.mutants++;
      // What waits longer than a right answer does not pass.
      const { verdict } = await this.#judged(exercise, answer, MUTANT_LIMIT + this.#longest);
      if (verdict.status !== 'passed') continue;
      const listed = exercise.equivalent.find(
        // One line is meant for the changed line: a `*` would swallow the others, and excuse every mutant.
        ({ mutant: like }) => globMatch(like, like.includes('\n') ? mutant.lines.join('\n') : mutant.change),
      );
      if (listed) used.add(listed);
      else {
        const message = `a wrong answer passes: ${mutant.change}`;
        this.#found(exercise.id, exercise.solution.at, 'mutant-survives', message);
      }
    }
    for (const entry of exercise.equivalent) {
      if (used.has(entry)) continue;
      const message = `no mutant that passes is like ${entry.mutant}; take the entry out`;
      this.#found(exercise.id, entry.at, 'equivalent-unused', message);
    }
  }

  /** The verdict on an answer, and its attempt where that came to its end. */
  async #judged(
    exercise: Exercise,
    answer: Answer,
    limit = LIMIT,
  ): Promise<{ attempt?: Attempt; verdict: Verdict }> {
    const judge = async () => {
      const attempt = await Attempt.begin(this.#sandbox, exercise);
      await attempt.runAll(answer);
      const verdict = await attempt.judge();
      if (verdict.error?.name === 'ConnectionLost') throw verdict.error;
      return { attempt, verdict };
    };
    for (let again = false; ; again = true) {
      try {
        return await this.#inTime(judge(), limit);
      } catch (error) {
        if (!(error instanceof Unfinished)) throw error;
        // The connection may have been lost by the answer before.
        if (again || !error.cause) return { verdict: { status: 'error', checks: [], error } };
      }
    }
  }

  /** Rejects with Unfinished where the work did not come to its end; the sandbox is fit for use then too. */
  async #inTime<T>(work: Promise<T>, limit = LIMIT): Promise<T> {
    try {
      return await inTime(limit, work);
    } catch (error) {
      if (error instanceof Unfinished) await this.#renew();
      throw error;
    }
  }

  async #renew(): Promise<void> {
    await this.#code?.close();
    this.#code = undefined;
    this.#sandbox = await this.#renewed(this.#sandbox);
  }

  #mustPass(exercise: Exercise, verdict: Verdict, at: Position, rule: Finding['rule'], what: string): void {
    if (verdict.status === 'passed') return;
    this.#found(exercise.id, at, rule, `${what} does not pass: ${messagesOf(verdict)}`);
  }

  #findings({ id }: Exercise): Set<Finding['rule']> {
    const found = this.#result.findings.filter(({ subject }) => subject === id);
    return new Set(found.map(({ rule }) => rule));
  }

  #found(subject: string, at: Position, rule: Finding['rule'], message: string): void {
    this.#result.findings.push({ subject, at, rule, message });
  }
}

function messagesOf(verdict: Verdict): string {
  if (verdict.error instanceof Unfinished) return `it ${verdict.error.message}`;
  if (verdict.error) return `the checker failed: ${verdict.error.message}`;
  return [...new Set(verdict.checks.map((check) => check.message).filter(Boolean))].join(' ');
}

/** What must be the same when judged again; messages may speak of the time that has passed. */
function outcomes(verdict: Verdict): unknown {
  return [verdict.status, verdict.checks.map((check) => [check.id, check.status])];
}

function answerOf(lines: string[], at: Position): Answer {
  return { at, lines: lines.map((text): Line => ({ text, at })) };
}

function textOf(answer: Answer): string {
  return answer.lines.map((line) => line.text).join(' ; ');
}

function wordsOf(answer: Answer): string {
  return answer.lines.map((line) => line.text.trim().replace(/\s+/g, ' ')).join('\n');
}
