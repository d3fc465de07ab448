import { describe } from '../checks/kinds/registry.ts';
import { concerns, type Verdict } from '../checks/verdict.ts';
import { gistOf, messageBeyond } from '../checks/words/message.ts';
import { showError } from '../checks/words/show.ts';
import type { Exercise } from '../course/course.ts';
import type { Attempt, Outcome } from '../engine/attempt.ts';
import { type Change, changesBetween, keyOf } from '../engine/changes.ts';
import type { Progress } from '../engine/progress.ts';
import { nameOf } from '../redis/snapshot.ts';
import { drawChanges } from '../ui/changes.ts';
import { visible } from '../ui/visible.ts';
import type { Prompt } from './prompt.ts';
import type { Screen } from './screen.ts';

/** A learner at one exercise: every command is shown with what it changed, and judged. */
export class Practice {
  readonly exercise: Exercise;
  readonly attempt: Attempt;
  solved = false;
  readonly #screen: Screen;
  readonly #progress: Progress;
  #hints = 0;
  /** Judgements that did not pass, for the record. */
  #tries = 0;
  #lastSaid = '';
  /** What was missing after the last command; at first, what the given state lacks. */
  #missing: string[] | undefined;
  #running = false;
  #judging = false;
  /** Others went on while a judgement of theirs was under way: it may have looked too early. */
  #othersWentOn = false;

  constructor(exercise: Exercise, attempt: Attempt, screen: Screen, progress: Progress) {
    this.exercise = exercise;
    this.attempt = attempt;
    this.#screen = screen;
    this.#progress = progress;
  }

  /** Whether a command is on its way. */
  get running(): boolean {
    return this.#running;
  }

  /** The choices where the task is a question with a menu. */
  get choices(): string[] | undefined {
    return this.exercise.checks.find((check) => check.kind === 'answer')?.choices;
  }

  /** Whether the task is, or ends in, a question. */
  get asks(): boolean {
    return this.exercise.checks.some((check) => check.kind === 'answer');
  }

  async task(): Promise<void> {
    this.#missing ??= gistsOf(await this.#judge());
    await this.#screen.prose(this.exercise.task);
    if (this.choices) this.#screen.note('Type .answer to choose.');
  }

  /** Runs a line, shows what it answered and changed, and judges. Rejects with ConnectionLost. */
  async try(line: string): Promise<void> {
    const before = this.attempt.latest;
    let outcome: Outcome;
    this.#running = true;
    try {
      outcome = await this.attempt.run(line);
    } finally {
      this.#running = false;
    }
    if (outcome.kind === 'empty') return;
    if (outcome.kind === 'invalid') {
      this.#screen.line('Invalid argument(s)');
      this.#screen.note('The quotes do not balance: one is missing, or something stands right behind one.');
      return;
    }
    if (outcome.kind === 'answer' && !this.asks) {
      this.#screen.note('No question is asked here: this is done with commands. .task shows it again.');
      return;
    }
    if (outcome.kind === 'reply') this.#screen.reply(outcome.args, outcome.reply);
    if (this.asks && !this.solved && isNoCommand(outcome))
      this.#screen.note(`Is that your answer? Then type .answer ${visible(line.trim())}`);
    const verdict = await this.#judge();
    const changes = changesBetween(before, this.attempt.latest);
    const drawn = drawChanges(changes, { theme: this.#screen.theme, width: this.#screen.width });
    if (drawn) this.#screen.line(drawn);
    if (this.solved) return;
    if (verdict.status === 'passed') return this.#celebrate(await this.#afterText());
    this.#tries++;
    if (verdict.status === 'error') this.#unjudged(verdict);
    else this.#notYet(verdict, outcome, changes);
  }

  /** Another client has done something: it may have been the answer. */
  async othersActed(prompt: Prompt): Promise<void> {
    this.#othersWentOn = true;
    if (this.#judging) return;
    this.#judging = true;
    try {
      // What is typed here is judged when it has run, and what others did meanwhile along with it.
      while (this.#othersWentOn && !this.solved && !this.#running) {
        this.#othersWentOn = false;
        const verdict = await this.attempt.judge();
        if (verdict.status !== 'passed' || this.solved) continue;
        const after = await this.#afterText();
        prompt.above(() => this.#celebrate(after));
      }
    } finally {
      this.#judging = false;
    }
  }

  /** Says of every check whether it holds. Rejects with ConnectionLost. */
  async check(): Promise<void> {
    const verdict = await this.#judge();
    if (verdict.status === 'error') return this.#unjudged(verdict);
    const { bad, good, sign } = this.#screen.theme;
    if (verdict.status === 'passed') {
      if (this.solved) this.#screen.line(good('All is as it should be.'));
      else this.#celebrate(await this.#afterText());
      return;
    }
    // A missing key fails all that is said of it in the same words: once is enough.
    const said = new Set<string>();
    for (const result of verdict.checks) {
      const passed = result.status === 'passed';
      const text = passed ? describe(result) : result.message;
      if (text === '' || said.has(text)) continue;
      said.add(text);
      const head = passed ? good(sign.passed) : bad(sign.failed);
      this.#screen.line(this.#screen.wrapped(text, { head: `${head} ` }));
    }
  }

  async hint(): Promise<void> {
    const { hints } = this.exercise;
    if (this.#hints === hints.length) this.#screen.note('That was the last hint. .solution shows an answer.');
    else this.#hints++;
    this.#screen.note(`Hint ${this.#hints} of ${hints.length}`);
    await this.#screen.prose(hints[this.#hints - 1] ?? '');
  }

  solution(): void {
    if (!this.solved) this.#progress.reveal(this.exercise.id, { hints: this.#hints, tries: this.#tries });
    for (const { text } of this.exercise.solution.lines) {
      this.#screen.line(`  ${this.#screen.theme.command(visible(text))}`);
    }
    if (!this.solved) this.#screen.note('Type it and see what it does; then it counts as solved.');
  }

  code(language: string): void {
    const { theme } = this.#screen;
    const shown = this.exercise.code.filter((one) => language === '' || one.language === language);
    if (shown.length === 0) this.#screen.note('There is no code for this one.');
    for (const { language, source } of shown) {
      this.#screen.note(language === 'node' ? 'node-redis:' : 'redis-py:');
      const lines = visible(source.trimEnd(), 'lines').split('\n');
      this.#screen.line(lines.map((line) => `  ${theme.code(line)}`).join('\n'));
    }
  }

  skip(): void {
    if (!this.solved) this.#progress.skip(this.exercise.id, { hints: this.#hints, tries: this.#tries });
  }

  async #judge(): Promise<Verdict> {
    const verdict = await this.attempt.judge();
    if (verdict.error?.name === 'ConnectionLost') throw verdict.error;
    return verdict;
  }

  async #afterText(): Promise<string> {
    return this.exercise.after ? this.#screen.rendered(this.exercise.after) : '';
  }

  #celebrate(after: string): void {
    // What is typed here and what others did may be judged at the same time.
    if (this.solved) return;
    this.solved = true;
    this.#progress.solve(this.exercise.id, { hints: this.#hints, tries: this.#tries + 1 });
    const { good, sign } = this.#screen.theme;
    this.#screen.line(good(`${sign.passed} Solved: ${visible(this.exercise.title)}`));
    if (after) this.#screen.line(`\n${after}\n`);
    this.#screen.note('Enter goes on. Or try what you like: it is a real Redis.');
  }

  /**
   * One remark on what is missing, where this line has a part in it: it answered the question, touched the key that is
   * wrong, or made another remark the first one. A task of many commands is not scolded for each.
   */
  #notYet(verdict: Verdict, outcome: Outcome, changes: Change[]): void {
    const [before, missing] = [this.#missing ?? [], gistsOf(verdict)];
    this.#missing = missing;
    if (isQueued(outcome)) return;
    const failed = verdict.checks.filter(({ status }) => status === 'failed');
    // What was forbidden can't be made good by going on: that first.
    const first = failed.find(({ kind }) => kind === 'avoided') ?? failed[0];
    if (!first) return;
    const gist = gistOf(first);
    const hopeless = first.kind === 'avoided' && changes.length > 0;
    const touched = hopeless || changes.some((change) => concerns(first, nameOf(keyOf(change).name)));
    const news =
      changes.length > 0
        ? gist !== this.#lastSaid
        : !before.includes(gist) && missing.length >= before.length;
    if (outcome.kind !== 'answer' && !touched && !news) return;
    this.#lastSaid = gist;
    const error = errorIn(outcome);
    const beyond = error === undefined ? undefined : messageBeyond(error, first);
    if (beyond === undefined) this.#screen.line(this.#screen.wrapped(`Not yet: ${first.message}`));
    else if (beyond !== '') this.#screen.line(this.#screen.wrapped(beyond));
  }

  #unjudged(verdict: Verdict): void {
    this.#screen.line(
      this.#screen.theme.warn(`This could not be checked: ${visible(String(verdict.error?.message))}`),
    );
    this.#screen.note('That is no fault of yours. Try .check again, or .reset.');
  }
}

/** What is wrong, each remark once. */
function gistsOf(verdict: Verdict): string[] {
  return [...new Set(verdict.checks.flatMap((check) => (check.status === 'failed' ? [gistOf(check)] : [])))];
}

/** Inside a transaction nothing has run yet. */
function isQueued(outcome: Outcome): boolean {
  return (
    outcome.kind === 'reply' && outcome.reply.type === 'status' && outcome.reply.bytes.toString() === 'QUEUED'
  );
}

function isNoCommand(outcome: Outcome): boolean {
  return (
    outcome.kind === 'reply' &&
    outcome.reply.type === 'error' &&
    outcome.reply.bytes.toString().startsWith('ERR unknown command')
  );
}

/** The error that stands on the screen, as remarks repeat it. */
function errorIn(outcome: Outcome): string | undefined {
  return outcome.kind === 'reply' && outcome.reply.type === 'error'
    ? showError(outcome.reply.bytes.toString())
    : undefined;
}
