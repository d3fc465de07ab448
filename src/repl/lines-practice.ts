import { setTimeout as sleep } from 'node:timers/promises';
import type { SeenCommand } from '../checks/evidence/evidence.ts';
import { describe } from '../checks/kinds/registry.ts';
import { concerns, failuresOf, type Verdict } from '../checks/verdict.ts';
import { gistOf, messageBeyond } from '../checks/words/message.ts';
import { showError } from '../checks/words/show.ts';
import type { Exercise } from '../course/course.ts';
import type { Attempt, Outcome } from '../engine/attempt.ts';
import { type Change, keyOf } from '../engine/changes.ts';
import type { Entry } from '../engine/enter.ts';
import type { Progress } from '../engine/progress.ts';
import { isWrite } from '../redis/command-facts.ts';
import type { Relay } from '../redis/relay.ts';
import { nameOf } from '../redis/snapshot.ts';
import { drawStory } from '../ui/story.ts';
import { visible } from '../ui/visible.ts';
import { Effort, showCode } from './effort.ts';
import type { Practice } from './practice.ts';
import type { Prompt } from './prompt.ts';
import type { Screen } from './screen.ts';
import { Typing } from './typing.ts';

/** Milliseconds of silence after which what other clients did is told: what a script runs is told as one. */
const PAUSE = 50;

export interface PracticeParts {
  exercise: Exercise;
  attempt: Attempt;
  screen: Screen;
  prompt: Prompt;
  progress: Progress;
}

/** A learner at an exercise of command lines: every command is shown with what it changed, and judged. */
export class LinesPractice implements Practice {
  readonly exercise: Exercise;
  readonly attempt: Attempt;
  readonly #screen: Screen;
  readonly #prompt: Prompt;
  readonly #effort: Effort;
  readonly #typing: Typing;
  #lastSaid = '';
  /** What was missing after the last command; at first, what the given state lacks. */
  #missing: string[] | undefined;
  /** A line is on its way to its verdict, and what others do is judged along with it. */
  #trying = false;
  /** What another client did last, until that is judged. */
  #others: Outcome | undefined;
  #hearing: Promise<void> | undefined;
  /** Ends the wait for a pause. */
  #goOn: () => void = () => {};
  #left = false;

  constructor({ exercise, attempt, screen, prompt, progress }: PracticeParts) {
    this.exercise = exercise;
    this.attempt = attempt;
    this.#screen = screen;
    this.#prompt = prompt;
    this.#effort = new Effort(exercise, { screen, progress });
    this.#typing = new Typing(attempt, screen);
  }

  get solved(): boolean {
    return this.#effort.solved;
  }

  get running(): boolean {
    return this.#typing.running;
  }

  get choices(): string[] | undefined {
    return this.exercise.checks.find((check) => check.kind === 'answer')?.choices;
  }

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
    this.#trying = true;
    this.#goOn();
    try {
      await this.#try(line);
    } finally {
      this.#trying = false;
      this.#hear();
    }
  }

  follow(relay: Relay): void {
    this.attempt.follow(relay, (seen) => {
      this.#others = 'args' in seen ? outcomeOf(seen) : { kind: 'empty' };
      this.#goOn();
      this.#hear();
    });
  }

  async reset(): Promise<void> {}

  leave(): void {
    this.#left = true;
    this.#goOn();
  }

  asksNothing(): void {
    this.#screen.note('No question is asked here: this is done with commands. .task shows it again.');
  }

  /** Says of every check whether it holds. Rejects with ConnectionLost. */
  async check(): Promise<void> {
    const verdict = await this.#judge();
    if (verdict.status === 'error') return this.#unjudged(verdict);
    const { bad, good, sign } = this.#screen.theme;
    if (verdict.status === 'passed') {
      if (this.solved) this.#screen.line(good('All is as it should be.'));
      else this.#celebrate(await this.#effort.solve(this.attempt.recorded), verdict);
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
    this.#story(verdict);
  }

  hint(): Promise<void> {
    return this.#effort.hint();
  }

  async solution(): Promise<void> {
    await this.#effort.reveal();
    for (const { text } of this.exercise.solution.lines) {
      this.#screen.line(`  ${this.#screen.theme.command(visible(text))}`);
    }
    if (!this.solved) this.#screen.note('Type it and see what it does; then it counts as solved.');
  }

  code(language: string): void {
    showCode(
      this.#screen,
      this.exercise.code.filter((one) => language === '' || one.language === language),
    );
  }

  skip(): Promise<void> {
    return this.#effort.skip();
  }

  get place(): string | undefined {
    const { server } = this.exercise;
    return server && this.attempt.isInside ? `${server.host}:${server.port}` : undefined;
  }

  #entered(entry: Entry): void {
    const { good, bad } = this.#screen.theme;
    const { server } = this.exercise;
    if (entry.kind === 'refused') this.#screen.line(this.#screen.wrapped(entry.message, { style: bad }));
    else {
      const as = entry.user === null ? 'nobody has logged in yet' : `as ${entry.user}`;
      const text = `Connected to ${server?.host}:${server?.port}, database ${entry.db}, ${as}${entry.tls ? ', over TLS' : ''}.`;
      this.#screen.line(this.#screen.wrapped(text, { style: good }));
    }
  }

  async #judge(): Promise<Verdict> {
    // What is solved is not tried elsewhere again at each line.
    const verdict = await this.attempt.judge({ worlds: !this.solved });
    if (verdict.error?.name === 'ConnectionLost') throw verdict.error;
    return verdict;
  }

  async #try(line: string): Promise<void> {
    const outcome = await this.#typing.run(line);
    if (['empty', 'invalid', 'outside'].includes(outcome.kind)) return;
    if (outcome.kind === 'connect') {
      this.#entered(outcome.entry);
      if (outcome.entry.kind === 'refused') return;
    }
    if (outcome.kind === 'answer' && !this.asks) return this.asksNothing();
    if (this.asks && !this.solved && isNoCommand(outcome))
      this.#screen.note(`Is that your answer? Then type .answer ${visible(line.trim())}`);
    await this.#hearing;
    this.#others = undefined;
    await this.#tell(await this.#judge(), outcome, (draw) => {
      draw();
      return true;
    });
  }

  /** Sees to what others did, unless that is under way, or a line is. */
  #hear(): void {
    if (this.#hearing || this.#trying) return;
    this.#hearing = this.#judgeOthers().finally(() => {
      this.#hearing = undefined;
    });
  }

  /** Judges as soon as others have done something: it may have been the answer. What it was not is told once they pause. */
  async #judgeOthers(): Promise<void> {
    while (this.#others && !this.#trying && !this.#left) {
      const last = this.#others;
      this.#others = undefined;
      const verdict = await this.attempt.judge();
      // Another server takes the place of one that is lost, and nothing of it is the learner's doing.
      if (verdict.error?.name === 'ConnectionLost') return;
      const passed = verdict.status === 'passed' && !this.solved;
      if (!passed && !(await this.#pause())) {
        this.#others ??= last;
        continue;
      }
      if (this.#left) return;
      await this.#tell(verdict, last, (draw) => {
        const text = this.#screen.held(draw);
        if (text !== undefined) this.#prompt.above(() => this.#screen.line(text));
        return text !== undefined;
      });
    }
  }

  /** Whether nothing comes for a while, neither from others nor from the learner. */
  async #pause(): Promise<boolean> {
    if (this.#others || this.#trying) return false;
    const ended = new AbortController();
    this.#goOn = () => ended.abort();
    return sleep(PAUSE, true, { signal: ended.signal }).catch(() => false);
  }

  /** Shows what has changed since that was shown last, and what the verdict says; `show` tells whether there was anything. */
  async #tell(verdict: Verdict, outcome: Outcome, show: (draw: () => void) => boolean): Promise<void> {
    const passed = verdict.status === 'passed' && !this.solved;
    const after = passed ? await this.#effort.solve(this.attempt.recorded) : '';
    const told = show(() => {
      const changes = this.#typing.changes();
      if (passed) return this.#celebrate(after, verdict);
      if (this.solved) return;
      if (verdict.status === 'error') this.#unjudged(verdict);
      else this.#notYet(verdict, outcome, changes);
    });
    if (told && !this.solved) this.#effort.tries++;
  }

  #celebrate(after: string, { alone }: Verdict): void {
    this.#effort.celebrate(after);
    if (alone !== undefined)
      this.#screen.note('Judged on this server alone: there is no private one to try your answer on.');
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
    const failed = failuresOf(verdict);
    // What is lost, and what was forbidden, can't be made good by going on: that first.
    const first = failed.find(({ kind, fact }) => kind === 'avoided' || fact?.code === 'gone') ?? failed[0];
    if (!first) return;
    // To be there is only the beginning.
    if (outcome.kind === 'connect' && first.kind !== 'connected') return;
    const gist = gistOf(first);
    const hopeless = first.kind === 'avoided' && changes.length > 0;
    const touched = hopeless || changes.some((change) => concerns(first, nameOf(keyOf(change).name)));
    const news =
      changes.length > 0
        ? gist !== this.#lastSaid
        : !before.includes(gist) && missing.length >= before.length;
    // What was typed is tried there as a whole: a better line alone does not mend it.
    const again = verdict.world !== undefined && gist === this.#lastSaid && writes(outcome);
    if (outcome.kind !== 'answer' && !touched && !news && !again) return;
    this.#lastSaid = gist;
    if (again) {
      this.#screen.note('Still the same, with all that you typed so far. .reset begins again.');
      return;
    }
    const error = errorIn(outcome);
    const beyond = error === undefined ? undefined : messageBeyond(error, first);
    if (beyond === undefined) this.#screen.line(this.#screen.wrapped(`Not yet: ${first.message}`));
    else if (beyond !== '') this.#screen.line(this.#screen.wrapped(beyond));
    this.#story(verdict);
  }

  /** What happened in the world where the answer does not hold. */
  #story({ world }: Verdict): void {
    const { theme, proseWidth } = this.#screen;
    const table = world ? drawStory(world, { theme, width: proseWidth - 2 }) : '';
    if (table) this.#screen.line(table.replace(/^/gm, '  '));
  }

  #unjudged(verdict: Verdict): void {
    this.#screen.line(
      this.#screen.theme.warn(`This could not be checked: ${visible(String(verdict.error?.message))}`),
    );
    this.#screen.note('That is no fault of yours. Try .check again, or .reset.');
  }
}

/** What another client was answered stands on no screen of ours; but inside a transaction nothing has run yet. */
function outcomeOf({ args, reply }: SeenCommand): Outcome {
  const outcome: Outcome = { kind: 'reply', args: [...args], reply };
  return isQueued(outcome) ? outcome : { kind: 'empty' };
}

/** What is wrong, each remark once. */
function gistsOf(verdict: Verdict): string[] {
  return [...new Set(failuresOf(verdict).map(gistOf))];
}

/** Inside a transaction nothing has run yet. */
function isQueued(outcome: Outcome): boolean {
  return (
    outcome.kind === 'reply' && outcome.reply.type === 'status' && outcome.reply.bytes.toString() === 'QUEUED'
  );
}

function writes(outcome: Outcome): boolean {
  return outcome.kind === 'reply' && isWrite(outcome.args);
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
