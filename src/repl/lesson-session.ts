import { setTimeout as sleep } from 'node:timers/promises';
import { type Course, type Exercise, exerciseNamed, type Lesson } from '../course/course.ts';
import { didYouMean } from '../course/suggest.ts';
import { Attempt } from '../engine/attempt.ts';
import { runDemo, stageDemos } from '../engine/demo.ts';
import type { Progress } from '../engine/progress.ts';
import { NoRedis } from '../failure.ts';
import { interrupt } from '../redis/interrupt.ts';
import { splitArgs } from '../redis/split.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { visible } from '../ui/visible.ts';
import { dotCommandOf, dotCommands, isDotCommand, type Move } from './dot-commands.ts';
import { stopListening } from './listening.ts';
import { showHelp, showList } from './overview.ts';
import { Practice } from './practice.ts';
import type { Prompt } from './prompt.ts';
import { Recovery } from './recovery.ts';
import { type Place, Route } from './route.ts';
import type { Screen } from './screen.ts';

export interface SessionParts {
  course: Course;
  progress: Progress;
  prompt: Prompt;
  screen: Screen;
  sandbox: Sandbox;
  /** Opens another one when the first was lost. Rejects with NoRedis. */
  reopen: () => Promise<Sandbox>;
  /** Lets the learner choose one of these; undefined when they would rather not. */
  choose: <T>(message: string, choices: { name: string; value: T }[]) => Promise<T | undefined>;
  /** Called once, when the first prompt is there: time for what can be loaded late. */
  onIdle?: (() => void) | undefined;
}

/** Walks a learner through lessons, step by step, and keeps a Redis under their feet. */
export class LessonSession {
  /** What the learner is at; undefined between exercises. */
  practice: Practice | undefined;
  readonly #parts: SessionParts;
  readonly #screen: Screen;
  readonly #route: Route;
  readonly #recovery: Recovery;
  #lesson: Lesson | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#screen = parts.screen;
    this.#route = new Route(parts.course);
    const restore = async (sandbox: Sandbox) => this.practice?.attempt.moveTo(sandbox);
    this.#recovery = new Recovery({ ...parts, restore });
  }

  /** The sandbox in use. */
  get sandbox(): Sandbox {
    return this.#recovery.sandbox;
  }

  /** Names of the keys there are, as far as known. */
  get keys(): Buffer[] {
    return [...(this.practice?.attempt.latest.keys.values() ?? [])].map((key) => key.name);
  }

  /** From an exercise (or the beginning) until the learner leaves. Rejects with NoRedis. */
  async run(from: string | undefined): Promise<void> {
    await Promise.race([this.#walk(from), this.#recovery.fatal]);
    if (this.#parts.progress.kept)
      this.#screen.note('Your progress is kept. `rediscover` goes on from here.');
  }

  /** Ctrl-C: stops what blocks, or reminds of the way out; undefined is Ctrl-D, which needs no such word. */
  interrupt(typed: string | undefined): void {
    // Enter and Ctrl-C may come in one piece: what Enter began runs a moment later.
    setImmediate(() => {
      const say = (text: string) => this.#parts.prompt.above(() => this.#screen.note(text));
      if (stopListening(this.sandbox.learner, say)) return;
      if (this.practice?.running) void this.#stop(this.practice);
      else if (typed === '') say('Ctrl-D leaves, .help lists more.');
    });
  }

  /** Until it is over: Ctrl-C may come before the server has even begun to block. */
  async #stop(practice: Practice): Promise<void> {
    while (practice.running && !this.#recovery.underWay) {
      await interrupt(this.sandbox.engine, this.sandbox.learner).catch(() => {});
      await sleep(10);
    }
  }

  async #walk(from: string | undefined): Promise<void> {
    const route = this.#route;
    let index = route.to(from);
    let again = false;
    for (let place = route.at(index); place; place = route.at(index)) {
      const move = await this.#step(place, again);
      again = move.to === 'again';
      if (move.to === 'quit') return;
      if (move.to === 'exercise') index = route.to(move.id);
      else if (move.to === 'back') index = route.before(index) ?? this.#stayAtFirst(index);
      else if (move.to === 'next') {
        const next = route.at(index + 1)?.lesson;
        if (next !== place.lesson && !(await this.#goOnAfter(place.lesson, next))) return;
        index++;
      }
    }
  }

  #stayAtFirst(index: number): number {
    this.#screen.note('This is the first exercise.');
    return index;
  }

  /** Shows a step and stays at it until the learner leaves; once a server was lost on the way, from its start. */
  async #step(place: Place, again: boolean): Promise<Move> {
    for (;;) {
      try {
        await this.#recovery.underWay;
        return await this.#show(place, again);
      } catch (error) {
        if ((error as Error).name !== 'ConnectionLost') throw error;
        await this.#recovery.begin((error as Error).message);
      }
    }
  }

  /** `again`: what is taught has been read, and the task is begun anew. */
  async #show({ lesson, step }: Place, again: boolean): Promise<Move> {
    this.#lesson = lesson;
    this.practice = undefined;
    const exercises = lesson.steps.filter((one) => one.exercise);
    const number = step.exercise ? ` ${exercises.indexOf(step) + 1}/${exercises.length}` : '';
    this.#screen.heading(step.title, lesson.title + number);
    let staged = false;
    for (const block of again ? [] : step.blocks) {
      if (block.kind === 'prose') {
        await this.#screen.prose(block.markdown);
        continue;
      }
      if (!staged) await stageDemos(this.sandbox, step);
      staged = true;
      for await (const { line, reply } of runDemo(this.sandbox, block)) {
        this.#screen.demoLine(line.text);
        this.#screen.reply(splitArgs(line.text) ?? [], reply, '  ');
      }
      this.#screen.line();
    }
    return step.exercise ? this.#practise(step.exercise) : this.#pause();
  }

  async #practise(exercise: Exercise): Promise<Move> {
    const attempt = await Attempt.begin(this.sandbox, exercise, {
      relay: this.sandbox.relay,
      restorable: true,
      onOther: this.#othersActed,
    });
    this.#recovery.hear();
    const practice = new Practice(exercise, attempt, this.#screen, this.#parts.progress);
    this.practice = practice;
    this.#parts.progress.visit(exercise.id);
    await practice.task();
    if (this.#isNew)
      this.#screen.note('Type a command and press Enter. .hint helps, .help lists what else there is.');
    return this.#listen(
      () => practice.solved,
      (line) => practice.try(line),
    );
  }

  /** Whether nothing has been done yet, in the whole course. */
  get #isNew(): boolean {
    const { progress } = this.#parts;
    return this.#route.exercises.every(({ id }) => progress.statusOf(id) === 'none');
  }

  /** A step without an exercise: what is typed runs, and nothing is judged. */
  async #pause(): Promise<Move> {
    this.#screen.note('Enter goes on.');
    return this.#listen(
      () => true,
      async (line) => {
        const args = splitArgs(line);
        if (args === null) this.#screen.line('Invalid argument(s)');
        else if (args.length > 0) this.#screen.reply(args, await this.sandbox.learner.send(args));
      },
    );
  }

  /** Takes lines until one of them leads away; an empty one does when `done`. */
  async #listen(done: () => boolean, run: (line: string) => Promise<void>): Promise<Move> {
    for (;;) {
      const line = await this.#nextLine();
      if (line === undefined || /^\s*(quit|exit)\s*$/i.test(line)) return { to: 'quit' };
      await this.#recovery.underWay;
      if (line.trim() === '') {
        if (done()) return { to: 'next' };
        continue;
      }
      // Not a command of Redis, and the first thing that many type.
      if (/^\s*(help|\?)\s*$/i.test(line)) {
        this.help();
        continue;
      }
      try {
        const { learner } = this.sandbox;
        const listened = learner.subscribed || learner.monitoring;
        const move = isDotCommand(line) ? await this.#dot(line) : await run(line);
        if (move) return move;
        if (!listened && (learner.subscribed || learner.monitoring)) {
          this.#screen.note('What comes is shown above the prompt. Ctrl-C ends it.');
        }
      } catch (error) {
        if ((error as Error).name !== 'ConnectionLost') throw error;
        await this.#recovery.begin((error as Error).message);
        this.#screen.note(
          'Whether your last line was carried out is not known: look, and type it again if not.',
        );
      }
    }
  }

  #nextLine(): Promise<string | undefined> {
    const line = this.#parts.prompt.next(this.#recovery.label);
    this.#parts.onIdle?.();
    this.#parts.onIdle = undefined;
    return line;
  }

  async #dot(line: string): Promise<Move | undefined> {
    const { command, name, argument } = dotCommandOf(line);
    if (command) return (await command.run(this, argument)) ?? undefined;
    const near = didYouMean(
      name,
      dotCommands.map((one) => one.name),
    );
    this.#screen.note(`There is no "${name}"${near ? `; ${near}` : '.'} .help lists what there is.`);
    return undefined;
  }

  // What dot-commands ask of a session beyond its practice.

  say(text: string): void {
    this.#screen.note(text);
  }

  help(): void {
    showHelp(this.#screen);
  }

  list(): void {
    const { course, progress } = this.#parts;
    showList(this.#screen, course, progress, { lesson: this.#lesson, exercise: this.practice?.exercise });
  }

  go(name: string): Move | undefined {
    if (name === '') {
      this.say('Where to? Name a lesson or an exercise behind it; .list shows them.');
      return undefined;
    }
    const id = exerciseNamed(this.#parts.course, name);
    if (id) return { to: 'exercise', id };
    const near = this.#route.near(name);
    this.#screen.note(
      `There is no lesson or exercise "${name}"${near ? `; ${near}` : '. .list shows them.'}`,
    );
    return undefined;
  }

  /** Shows how other clients get here, and counts what they do from now on. */
  async url(): Promise<void> {
    let url: string;
    try {
      url = await this.sandbox.url();
    } catch (error) {
      if (!(error instanceof NoRedis)) throw error;
      this.#screen.note(`${error.message} ${error.next}`);
      return;
    }
    const { relay } = this.sandbox;
    if (relay) this.practice?.attempt.follow(relay, this.#othersActed);
    this.#screen.line(`  ${this.#screen.theme.command(visible(url))}`);
    const secret = new URL(url).password === '' ? '' : ' It holds a password.';
    this.#screen.note(`For redis-cli -u, redis-py or any other client.${secret}`);
    if (!relay)
      this.#screen.note(
        'On this server of yours, what they do counts at your next line, and what they make stays.',
      );
  }

  async choose(practice: Practice): Promise<void> {
    const choices = practice.choices ?? [];
    const chosen = await this.#parts.choose(
      'Your answer',
      choices.map((value) => ({ name: visible(value), value })),
    );
    if (chosen !== undefined) await practice.try(`.answer ${chosen}`);
  }

  readonly #othersActed = (): void => {
    void this.practice?.othersActed(this.#parts.prompt);
  };

  /** At the end of a lesson: whether the learner goes on with the next. */
  async #goOnAfter(lesson: Lesson, next: Lesson | undefined): Promise<boolean> {
    const { progress, choose } = this.#parts;
    const ids = lesson.steps.flatMap((step) => step.exercise?.id ?? []);
    const open = ids.filter((id) => progress.statusOf(id) !== 'solved');
    const { good, sign } = this.#screen.theme;
    const solved = `${lesson.title}: ${ids.length - open.length} of ${ids.length} solved.`;
    this.#screen.line(good(`${sign.passed} ${visible(solved)}`));
    if (open.length > 0) this.#screen.note(`Still open: ${open.join(', ')}`);
    if (!next) {
      this.#screen.line('That was the last lesson.');
      return true;
    }
    const chosen = await choose('And now?', [
      { name: `Go on with ${visible(next.title)} (${next.minutes} minutes)`, value: 'next' },
      { name: 'Leave for today', value: 'leave' },
    ]);
    return chosen === 'next';
  }
}
