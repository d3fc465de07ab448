import { setTimeout as sleep } from 'node:timers/promises';
import { type Course, type CourseServer, type Exercise, exercisesOf, type Lesson } from '../course/course.ts';
import { Attempt } from '../engine/attempt.ts';
import { runDemo, stageDemos } from '../engine/demo.ts';
import { asWhyNot, listens, whyNotHere } from '../engine/needs.ts';
import type { Progress } from '../engine/progress.ts';
import type { WorkFolder } from '../engine/work-folder.ts';
import type { Worlds } from '../engine/worlds.ts';
import { NoRedis } from '../failure.ts';
import { interrupt } from '../redis/interrupt.ts';
import type { Reply } from '../redis/reply.ts';
import { splitArgs } from '../redis/split.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { visible } from '../ui/visible.ts';
import type { Here, Move } from './dot/command.ts';
import { isDotCommand, runDotCommand } from './dot/commands.ts';
import { LinesPractice } from './lines-practice.ts';
import { stopListening, withoutSnapshots } from './listening.ts';
import { type Judge, type ModuleExercise, ModulePractice, type Pythons } from './module-practice.ts';
import type { Practice } from './practice.ts';
import type { Prompt } from './prompt.ts';
import { Recovery } from './recovery.ts';
import { Route, type Stop } from './route.ts';
import type { Screen } from './screen.ts';

export interface SessionParts {
  course: Course;
  progress: Progress;
  prompt: Prompt;
  screen: Screen;
  sandbox: Sandbox;
  /** Where answers are tried in an exercise's other worlds; there alone where absent. */
  worlds?: Worlds | undefined;
  /** What judges modules; loaded when the first of them is met. */
  judge: () => Promise<Judge>;
  /** Where modules are written. */
  work: WorkFolder;
  pythons?: Pythons | undefined;
  /** Opens another one when the first was lost. Rejects with NoRedis. */
  reopen: () => Promise<Sandbox>;
  /** Opens a lesson's own server, or a private one. Rejects with NoRedis, with NoTls where there is none of that kind. */
  openServer?: (server?: CourseServer) => Promise<Sandbox>;
  /** Lets the learner choose one of these; undefined when they would rather not. */
  choose: <T>(message: string, choices: { name: string; value: T }[]) => Promise<T | undefined>;
  /** Called once, when the first prompt is there: time for what can be loaded late. */
  onIdle?: (() => void) | undefined;
}

/** Walks a learner through lessons, step by step, and keeps a Redis under their feet. */
export class LessonSession implements Here {
  /** What the learner is at; undefined between exercises. */
  practice: Practice | undefined;
  lesson: Lesson | undefined;
  readonly course: Course;
  readonly progress: Progress;
  readonly screen: Screen;
  readonly #parts: SessionParts;
  readonly #route: Route;
  readonly #recovery: Recovery<Sandbox>;
  /** Shows what comes unasked. */
  readonly #tell: (reply: Reply) => void;
  /** The own server of the exercise at hand. */
  #beside: Sandbox | undefined;

  constructor(parts: SessionParts) {
    const { course, progress, prompt, screen, sandbox, reopen } = parts;
    this.#parts = parts;
    this.course = course;
    this.progress = progress;
    this.screen = screen;
    this.#route = new Route(course);
    this.#tell = withoutSnapshots((reply) => prompt.above(() => screen.reply([], reply)));
    this.#recovery = new Recovery({
      redis: sandbox,
      prompt,
      screen,
      label: () => this.#label,
      hear: this.#tell,
      lost: (lost) => lost.lost,
      // The engine's connection can't be had anew by itself.
      async reconnect(lost) {
        await lost.engine.send(['PING']);
        await lost.reconnect();
      },
      reopen,
      restore: async (another) => this.practice?.attempt.moveTo(another),
    });
  }

  /** The sandbox in use: the usual one, or that of the exercise's own server. */
  get sandbox(): Sandbox {
    return this.#beside ?? this.#recovery.redis;
  }

  /** Ends all servers that are ours. */
  async close(): Promise<void> {
    await Promise.all([this.#recovery.redis.close(), this.#beside?.close()]);
  }

  /** Of a lesson's own database, nothing is said. */
  get #label(): string {
    const { learner, db } = this.sandbox;
    if (this.#beside && this.practice?.exercise.server)
      return this.screen.serverLabel(this.practice?.place, learner.db, learner.inTransaction);
    return this.screen.promptLabel(learner.db === db ? 0 : learner.db, learner.inTransaction);
  }

  /** Names of the keys there are, as far as known. */
  get keys(): Buffer[] {
    return [...(this.practice?.attempt.latest.keys.values() ?? [])].map((key) => key.name);
  }

  /** From an exercise (or the beginning) until the learner leaves. Rejects with NoRedis. */
  async run(from: string | undefined): Promise<void> {
    try {
      await Promise.race([this.#walk(from), this.#recovery.fatal]);
    } finally {
      this.#recovery.end();
      await this.progress.settled();
    }
    if (this.progress.kept) this.screen.note('Your progress is kept. `rediscover` goes on from here.');
  }

  /** Ctrl-C: stops what blocks, or reminds of the way out; undefined is Ctrl-D, which needs no such word. */
  interrupt(typed: string | undefined): void {
    // Enter and Ctrl-C may come in one piece: what Enter began runs a moment later.
    setImmediate(() => {
      const say = (text: string) => this.#parts.prompt.above(() => this.screen.note(text));
      if (stopListening(this.sandbox.learner, say)) return;
      if (this.practice?.running) void this.#stop(this.practice);
      else if (typed === '') say('Ctrl-D leaves, .help lists more.');
    });
  }

  /** Until it is over: Ctrl-C may come before the server has even begun to block. */
  async #stop(practice: Practice): Promise<void> {
    const waits = () => practice.running && !this.#recovery.underWay;
    const stop = () => interrupt(this.sandbox.engine, this.sandbox.learner).catch(() => false);
    while (waits() && (await stop())) await sleep(10);
    // Who may not end it gets another connection.
    if (!waits()) return;
    if (this.#beside) await this.#beside.reconnect().catch(() => {});
    else await this.#recovery.begin(undefined, 'Stopped. This is a new connection.').catch(() => {});
  }

  async #walk(from: string | undefined): Promise<void> {
    const route = this.#route;
    let index = route.to(from);
    let again = false;
    for (let stop = route.at(index); stop; stop = route.at(index)) {
      const move = await this.#step(stop, again);
      again = move.to === 'again';
      if (move.to === 'quit') return;
      if (move.to === 'exercise') index = route.to(move.id);
      else if (move.to === 'back') index = route.before(index) ?? this.#stayAtFirst(index);
      else if (move.to === 'next') {
        const next = route.at(index + 1)?.lesson;
        if (next !== stop.lesson && !(await this.#goOnAfter(stop.lesson, next))) return;
        index++;
      }
    }
  }

  #stayAtFirst(index: number): number {
    this.screen.note('This is the first exercise.');
    return index;
  }

  /** Shows a step and stays at it until the learner leaves; once a server was lost on the way, from its start. */
  async #step(stop: Stop, again: boolean): Promise<Move> {
    for (;;) {
      try {
        await this.#recovery.underWay;
        return await this.#show(stop, again);
      } catch (error) {
        if ((error as Error).name !== 'ConnectionLost') throw error;
        // A lesson's server is opened anew.
        if (!this.#beside) await this.#recovery.begin((error as Error).message);
      }
    }
  }

  /** `again`: what is taught has been read, and the task is begun anew. */
  async #show({ lesson, step }: Stop, again: boolean): Promise<Move> {
    this.lesson = lesson;
    this.practice = undefined;
    const exercises = lesson.steps.filter((one) => one.exercise);
    const number = step.exercise ? ` ${exercises.indexOf(step) + 1}/${exercises.length}` : '';
    this.screen.heading(step.title, lesson.title + number);
    const why = await this.#whyNot(step.exercise);
    let staged = false;
    for (const block of again ? [] : step.blocks) {
      if (block.kind === 'prose') {
        await this.screen.prose(block.markdown);
        continue;
      }
      if (why !== undefined) continue;
      if (!staged) await stageDemos(this.sandbox, step);
      staged = true;
      for await (const shown of runDemo(this.sandbox, block)) {
        this.screen.demo(shown);
      }
      this.screen.line();
    }
    if (why !== undefined) return this.#notHere(step.exercise!, why);
    return step.exercise ? this.#practise(step.exercise) : this.#pause();
  }

  async #practise(exercise: Exercise): Promise<Move> {
    const { prompt } = this.#parts;
    const { progress, screen } = this;
    const [attempt] = await Promise.all([
      Attempt.begin(this.sandbox, exercise, {
        restorable: true,
        worlds: this.#parts.worlds,
        onOthers: (seen) => prompt.above(() => screen.other(seen)),
      }),
      progress.visit(exercise.id),
    ]);
    this.#hear();
    const parts = { attempt, screen, prompt, progress };
    const practice = isModule(exercise)
      ? new ModulePractice({ ...this.#parts, ...parts, exercise })
      : new LinesPractice({ ...parts, exercise });
    this.practice = practice;
    if (exercise.worlds.length > 0) this.#parts.worlds?.warm(exercise.server);
    if (this.sandbox.relay) practice.follow(this.sandbox.relay);
    await practice.task();
    if (this.#isNew)
      this.screen.note('Type a command and press Enter. .hint helps, .help lists what else there is.');
    try {
      return await this.#listen(
        () => practice.solved,
        (line) => practice.try(line),
      );
    } finally {
      practice.leave();
      await attempt.close().catch(() => {});
    }
  }

  /** Whether nothing has been done yet, in the whole course. */
  get #isNew(): boolean {
    return exercisesOf(this.course).every(({ id }) => this.progress.statusOf(id) === 'none');
  }

  /** Has the exercise's own server at hand, in place of another's; why it can't be solved here, where that is so. */
  async #whyNot(exercise: Exercise | undefined): Promise<string | undefined> {
    await this.#beside?.close();
    this.#beside = undefined;
    if (!exercise) return undefined;
    if (exercise.server) {
      try {
        this.#beside = await this.#parts.openServer?.(exercise.server);
      } catch (error) {
        if (!(error instanceof NoRedis)) throw error;
        return asWhyNot(error);
      }
    }
    if (!exercise.server && this.sandbox.kind === 'named' && listens(exercise)) {
      this.#beside = await this.#parts.openServer?.().catch(() => undefined);
      if (this.#beside)
        this.screen.note('All who use a server share its channels: this is done on a private one.');
    }
    return whyNotHere(exercise, this.sandbox);
  }

  /** What the server at hand can't do is shown as text, and left out. */
  async #notHere({ id, task }: Exercise, why: string): Promise<Move> {
    await this.screen.prose(task);
    this.screen.line(
      this.screen.wrapped(`This can't be done here: ${why}.`, { style: this.screen.theme.warn }),
    );
    this.screen.note('It is left out, and counts for nothing.');
    await this.progress.skip(id, { hints: 0, tries: 0 });
    return this.#pause();
  }

  /** A step without an exercise: what is typed runs, and nothing is judged. */
  async #pause(): Promise<Move> {
    this.screen.note('Enter goes on.');
    return this.#listen(
      () => true,
      async (line) => {
        const args = splitArgs(line);
        if (args === null) this.screen.line('Invalid argument(s)');
        else if (args.length > 0) this.screen.reply(args, await this.sandbox.learner.send(args));
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
        await runDotCommand('.help', this);
        continue;
      }
      try {
        const { learner } = this.sandbox;
        const listened = learner.subscribed || learner.monitoring;
        const move = isDotCommand(line) ? await runDotCommand(line, this) : await run(line);
        this.#hear();
        if (move) return move;
        if (!listened && (learner.subscribed || learner.monitoring)) {
          this.screen.note('What comes is shown above the prompt. Ctrl-C ends it.');
        }
      } catch (error) {
        if ((error as Error).name !== 'ConnectionLost') throw error;
        if (this.#beside) {
          this.screen.note('The connection to the server of this exercise is lost: here it begins anew.');
          return { to: 'again' };
        }
        await this.#recovery.begin((error as Error).message);
        this.screen.note(
          'Whether your last line was carried out is not known: look, and type it again if not.',
        );
      }
    }
  }

  /** Shows what comes unasked; `.connect` makes the connection another one. */
  #hear(): void {
    if (!this.#beside) this.#recovery.hear();
    else this.#beside.learner.onMessage = this.#tell;
  }

  #nextLine(): Promise<string | undefined> {
    const line = this.#parts.prompt.next(this.#label);
    this.#parts.onIdle?.();
    this.#parts.onIdle = undefined;
    return line;
  }

  choose<T>(message: string, choices: { name: string; value: T }[]): Promise<T | undefined> {
    return this.#parts.choose(message, choices);
  }

  /** At the end of a lesson: whether the learner goes on with the next. */
  async #goOnAfter(lesson: Lesson, next: Lesson | undefined): Promise<boolean> {
    const { progress } = this;
    const ids = lesson.steps.flatMap((step) => step.exercise?.id ?? []);
    const open = ids.filter((id) => progress.statusOf(id) !== 'solved');
    const { good, sign } = this.screen.theme;
    const solved = `${lesson.title}: ${ids.length - open.length} of ${ids.length} solved.`;
    this.screen.line(good(`${sign.passed} ${visible(solved)}`));
    if (open.length > 0) this.screen.note(`Still open: ${open.join(', ')}`);
    if (!next) {
      this.screen.line('That was the last lesson.');
      return true;
    }
    const chosen = await this.choose('And now?', [
      { name: `Go on with ${visible(next.title)} (${next.minutes} minutes)`, value: 'next' },
      { name: 'Leave for today', value: 'leave' },
    ]);
    return chosen === 'next';
  }
}

function isModule(exercise: Exercise): exercise is ModuleExercise {
  return exercise.module !== undefined;
}
