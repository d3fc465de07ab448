import { isDeepStrictEqual } from 'node:util';
import { messagesOf, type Verdict } from '../checks/verdict.ts';
import { languageOf } from '../course/code-module.ts';
import type {
  Answer,
  CodeAnswer,
  CodeModule,
  Equivalent,
  Exercise,
  Line,
  LinesAnswer,
  NearMiss,
  Position,
} from '../course/course.ts';
import { globMatch } from '../course/pattern.ts';
import { sameData } from '../redis/same.ts';
import { splitArgs } from '../redis/split.ts';
import type { Attempt } from './attempt.ts';
import { CourseFault } from './course-fault.ts';
import type { CourseTestResult, Finding } from './finding.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { mutantsByHand } from './mutants-by-hand.ts';
import type { Judged, Runner } from './runner.ts';
import type { Enough } from './scenarios.ts';
import type { Tested, TestedCounts } from './tested.ts';

/** How much longer than the right answers a mutant may take, in milliseconds. */
const MUTANT_LIMIT = 1000;
/** Why code is left out. */
const UNTRUSTED = 'this course is not trusted; --trust-course runs its code';

/** Tries all that a course says of one exercise, and adds what it finds to a result. */
export class ExerciseTester {
  readonly #exercise: Exercise;
  readonly #result: CourseTestResult;
  /** What the slowest right answer took, in milliseconds. */
  #longest = 0;
  #broken = false;
  readonly #tested: Tested | undefined;
  /** The solution's attempt, where it passed. */
  #solved: Attempt | undefined;
  /** Worlds, counted from 1, that alone make some wrong answer fail. */
  readonly #needed = new Set<number>();

  constructor(exercise: Exercise, result: CourseTestResult, tested?: Tested) {
    this.#exercise = exercise;
    this.#result = result;
    this.#tested = tested;
  }

  /** Tries the given state, the answers in lines and their mutants. */
  async testLines(runner: Runner): Promise<void> {
    const exercise = this.#exercise;
    if (exercise.module) return;
    const nothing = await runner.run(exercise, answerOf([], exercise.at));
    const fault = nothing.verdict.error;
    if (fault instanceof CourseFault) {
      this.#broken = true;
      this.#found(fault.at, 'error', fault.reason);
      return;
    }
    if (nothing.verdict.status === 'passed')
      this.#found(exercise.at, 'given-passes', 'passes before anything is done');
    await this.#testAnswers(runner);
    if (this.#broken) return;
    for (const miss of exercise.reject) if (miss.try.kind === 'lines') await this.#testReject(miss, runner);
    // Mutants of what fails tell nothing.
    if (this.#solved) await this.#testMutants(this.#solved, runner);
  }

  /** Tries the answers that are code, the wrong ones too; then all is known of the worlds. */
  async testCode(runner: Runner): Promise<void> {
    if (this.#broken) return;
    if (!runner.trusted) return this.#leaveOutCode();
    if (this.#exercise.module) return this.#testOnce(this.#exercise.module, runner);
    const { counts, skipped } = this.#result;
    for (const code of this.#exercise.code) {
      const { verdict, unavailable } = await runner.run(this.#exercise, code);
      if (unavailable !== undefined) {
        skipped[unavailable] = (skipped[unavailable] ?? 0) + 1;
        continue;
      }
      counts.snippets++;
      this.#mustPass(verdict, code.at, 'code-fails', `the ${code.language} snippet`);
    }
    for (const miss of this.#exercise.reject)
      if (miss.try.kind === 'code') await this.#testReject(miss, runner);
    this.#testWorlds();
  }

  /** Worlds that its code alone would need are not known to be needed. */
  #leaveOutCode(): void {
    const { skipped } = this.#result;
    const { code, module, reject } = this.#exercise;
    const left = code.length + (module ? 1 : 0) + reject.filter((miss) => miss.try.kind === 'code').length;
    if (left > 0) skipped[UNTRUSTED] = (skipped[UNTRUSTED] ?? 0) + left;
  }

  /** What was found clean just as it is now is not tested again. */
  async #testOnce(module: CodeModule, runner: Runner): Promise<void> {
    const { counts, findings } = this.#result;
    const before = await this.#tested?.of(this.#exercise, runner.sandbox.description);
    if (before?.counts) {
      counts.modules += before.counts.modules;
      counts.rejects += before.counts.rejects;
      counts.kept++;
      return;
    }
    const skips = () => Object.values(this.#result.skipped).reduce((sum, count) => sum + count, 0);
    const from = skips();
    const tried = await this.#testModules(module, runner);
    counts.modules += tried.modules;
    counts.rejects += tried.rejects;
    const isClean = findings.every(({ subject }) => subject !== this.#exercise.id) && skips() === from;
    if (isClean) await before?.keep(tried);
  }

  /** What a learner begins with does not pass; solutions do, in every language, and wrong modules fail for their reason. */
  async #testModules(module: CodeModule, runner: Runner): Promise<TestedCounts> {
    const counts = { modules: 0, rejects: 0 };
    for (const [ending, source] of Object.entries(module.starters)) {
      const file = `${module.folder}/starter.${ending}`;
      const starter = { kind: 'code', language: languageOf(file)!, source, file, at: module.at } as const;
      const { verdict, unavailable } = await this.#runModule(starter, runner, () => true);
      if (unavailable) continue;
      if (verdict.error instanceof CourseFault) {
        this.#found(verdict.error.at, 'error', verdict.error.reason);
        return counts;
      }
      if (verdict.status === 'passed')
        this.#found(module.at, 'given-passes', `${file} passes before anything is written`);
    }
    for (const solution of module.solutions) {
      const { verdict, unavailable } = await this.#runModule(solution, runner);
      if (unavailable) continue;
      counts.modules++;
      this.#mustPass(verdict, solution.at, 'solution-fails', solution.file!);
    }
    for (const miss of this.#exercise.reject) {
      if (miss.try.kind !== 'code') continue;
      const isSaid = (message: string) => message.includes(miss.because);
      const { verdict, unavailable } = await this.#runModule(miss.try, runner, isSaid);
      if (unavailable) continue;
      counts.rejects++;
      this.#mustFail(miss, verdict);
    }
    return counts;
  }

  async #runModule(code: CodeAnswer, runner: Runner, enough?: Enough): Promise<Judged> {
    const judged = await runner.run(this.#exercise, code, { ...(enough && { enough }) });
    const { skipped } = this.#result;
    if (judged.unavailable !== undefined)
      skipped[judged.unavailable] = (skipped[judged.unavailable] ?? 0) + 1;
    return judged;
  }

  #mustFail(miss: NearMiss, verdict: Verdict): void {
    const said = saidOf(verdict);
    const name = miss.try.kind === 'code' ? miss.try.file : '';
    if (verdict.status === 'passed') this.#found(miss.at, 'reject-passes', `the near miss ${name} passes`);
    else if (verdict.status === 'error' || !said.includes(miss.because))
      this.#found(
        miss.at,
        'reject-reason',
        `the near miss ${name} fails, but without the words "${miss.because}": ${said}`,
      );
  }

  async #testAnswers(runner: Runner): Promise<void> {
    const { solution, accept } = this.#exercise;
    for (const answer of [solution, ...accept]) {
      this.#result.counts.answers++;
      const started = performance.now();
      const { attempt, verdict } = await runner.run(this.#exercise, answer);
      // A world's: said once, as each answer would meet it.
      if (verdict.error instanceof CourseFault) {
        this.#broken = true;
        this.#found(verdict.error.at, 'error', verdict.error.reason);
        return;
      }
      const rule = answer === solution ? 'solution-fails' : 'accept-fails';
      this.#mustPass(verdict, answer.at, rule, textOf(answer));
      if (!attempt) continue;
      if (answer === solution && verdict.status === 'passed') this.#solved = attempt;
      this.#longest = Math.max(this.#longest, performance.now() - started);
      const before = attempt.latest;
      const again = await attempt.judge();
      if (!isDeepStrictEqual(outcomes(verdict), outcomes(again)))
        this.#found(answer.at, 'unstable', `judged twice, ${textOf(answer)} gets two verdicts`);
      if (!sameData(before, attempt.latest))
        this.#found(answer.at, 'judging-changes-data', `judging ${textOf(answer)} changed the data`);
    }
  }

  async #testReject(miss: NearMiss, runner: Runner): Promise<void> {
    this.#result.counts.rejects++;
    const judged = await runner.run(this.#exercise, miss.try);
    await this.#noteWorlds(judged, runner);
    const said = saidOf(judged.verdict);
    const what = `the near miss ${textOf(miss.try)}`;
    if (judged.verdict.status === 'passed') this.#found(miss.at, 'reject-passes', `${what} passes`);
    else if (
      judged.verdict.status === 'error' ||
      !(said.includes(miss.because) || isRefused(miss.try, runner))
    )
      this.#found(
        miss.at,
        'reject-reason',
        `${what} fails, but without the words "${miss.because}": ${said}`,
      );
  }

  async #testMutants(attempt: Attempt, runner: Runner): Promise<void> {
    const { solution, accept, equivalent } = this.#exercise;
    const right = new Set([solution, ...accept].map(wordsOf));
    const used = new Set<Equivalent>();
    const [lines, ...accepted] = [solution, ...accept].map((answer) => answer.lines.map(({ text }) => text));
    for (const mutant of [...mutantsOf(lines!), ...mutantsByHand(lines!, attempt, accepted)]) {
      const answer = answerOf(mutant.lines, solution.at);
      if (right.has(wordsOf(answer))) continue;
      right.add(wordsOf(answer));
      this.#result.counts.mutants++;
      // What waits longer than a right answer does not pass.
      const judged = await runner.run(this.#exercise, answer, { limit: MUTANT_LIMIT + this.#longest });
      await this.#noteWorlds(judged, runner);
      if (judged.verdict.status !== 'passed') continue;
      const listed = equivalent.find((entry) => isLike(entry, mutant));
      if (listed) used.add(listed);
      else this.#found(solution.at, 'mutant-survives', `a wrong answer passes: ${mutant.change}`);
    }
    for (const entry of equivalent) {
      if (used.has(entry)) continue;
      const message = `no mutant that passes is like ${entry.mutant}; take the entry out`;
      this.#found(entry.at, 'equivalent-unused', message);
    }
  }

  #testWorlds(): void {
    this.#exercise.worlds.forEach((world, index) => {
      this.#result.counts.worlds++;
      if (this.#solved && !this.#needed.has(index + 1))
        this.#found(
          world.at,
          'world-unneeded',
          'no near miss and no mutant fails because of this world alone',
        );
    });
  }

  /** Of an answer that fails elsewhere alone: whether one world is all that stands against it. */
  async #noteWorlds({ attempt, verdict }: Judged, runner: Runner): Promise<void> {
    const all = this.#exercise.worlds.length;
    if (!attempt || !verdict.world || this.#needed.size === all) return;
    const failing = await runner.worlds.failing(this.#exercise, attempt.rerun);
    if (failing.length === 1) this.#needed.add(failing[0]!);
  }

  #mustPass(verdict: Verdict, at: Position, rule: Finding['rule'], what: string): void {
    if (verdict.status !== 'passed') this.#found(at, rule, `${what} does not pass: ${saidOf(verdict)}`);
  }

  #found(at: Position, rule: Finding['rule'], message: string): void {
    this.#result.findings.push({ subject: this.#exercise.id, at, rule, message });
  }
}

/** Whether the sandbox does not run all of an answer: what is said then is of that, and not of the near miss. */
function isRefused(answer: Answer, { sandbox }: Runner): boolean {
  return (
    answer.kind === 'lines' &&
    answer.lines.some(({ text }) => sandbox.refusalOf(splitArgs(text) ?? []) !== undefined)
  );
}

function saidOf(verdict: Verdict): string {
  return verdict.error ? `the checker failed: ${verdict.error.message}` : messagesOf(verdict).join(' ');
}

/** One line is meant for the changed line: a `*` would swallow the others, and excuse every mutant. */
function isLike({ mutant: like }: Equivalent, mutant: Mutant): boolean {
  return globMatch(like, like.includes('\n') ? mutant.lines.join('\n') : mutant.change);
}

/** What must be the same when judged again; messages may speak of the time that has passed. */
function outcomes(verdict: Verdict): unknown {
  return [verdict.status, verdict.checks.map((check) => [check.id, check.status])];
}

function answerOf(lines: string[], at: Position): LinesAnswer {
  return { kind: 'lines', at, lines: lines.map((text): Line => ({ text, at })) };
}

function textOf(answer: Answer): string {
  if (answer.kind === 'code') return answer.source.trim();
  return answer.lines.map((line) => line.text).join(' ; ');
}

function wordsOf(answer: LinesAnswer): string {
  return answer.lines.map((line) => line.text.trim().replace(/\s+/g, ' ')).join('\n');
}
