import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { loadCourse } from '../../src/course/load.ts';
import { openProgress, type Progress } from '../../src/engine/progress.ts';
import { Scenarios } from '../../src/engine/scenarios.ts';
import { WorkFolder } from '../../src/engine/work-folder.ts';
import type { Reply } from '../../src/redis/reply.ts';
import { splitArgs } from '../../src/redis/split.ts';
import { Assistant } from '../../src/repl/assistant.ts';
import { History } from '../../src/repl/history.ts';
import { LessonSession } from '../../src/repl/lesson-session.ts';
import type { Judge, Pythons } from '../../src/repl/module-practice.ts';
import { Prompt, type PromptOptions } from '../../src/repl/prompt.ts';
import { Screen } from '../../src/repl/screen.ts';
import { ShellSession } from '../../src/repl/shell-session.ts';
import { openSandbox } from '../../src/sandbox/open.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Served } from '../../src/sandbox/unmanaged-server.ts';
import { Shown } from './shown.ts';

// Whoever runs the tests, and where: keys come one by one, and the line is drawn.
process.env.TERM = 'xterm-256color';

/** Somebody at the prompt, in this process and on plain streams: what they type goes in, what they are shown comes out. */
export class Typist extends Shown {
  readonly input = Object.assign(new PassThrough(), { isTTY: true });
  readonly output: PassThrough & { isTTY: boolean; columns: number };
  readonly historyFile = join(mkdtempSync(join(tmpdir(), 'rediscover-typist-')), 'history');

  constructor({ columns = 80 } = {}) {
    super();
    this.output = Object.assign(new PassThrough(), { isTTY: true, columns });
    this.output.setEncoding('utf8').on('data', (data: string) => this.shown(data));
  }

  type(keys: string): void {
    this.input.write(keys);
  }

  line(text: string): void {
    this.type(`${text}\r`);
  }

  /** Types a line and waits for what comes behind it. */
  async ask(line: string, answer: string | RegExp): Promise<string> {
    this.line(line);
    await this.until(line);
    return this.until(answer);
  }

  get history(): string {
    return readFileSync(this.historyFile, 'utf8');
  }

  async prompt(options: Omit<PromptOptions, 'input' | 'output' | 'history'>): Promise<Prompt> {
    const { input, output } = this;
    return new Prompt({ input, output, history: await History.load(this.historyFile), ...options });
  }
}

export interface LessonOptions {
  /** The tiny course by default. */
  course?: string;
  /** The exercise to begin at. */
  at?: string;
  columns?: number;
  /** One that is shared; else one of their own, ended with the lesson: private, or on the server of this URL. */
  sandbox?: Sandbox;
  redis?: string;
  /** What a menu gives: the value that stands under this name. */
  chosen?: string;
  /** Where modules are written; a folder of their own where absent. */
  work?: string;
  /** What judges them; the real thing where absent. */
  judge?: Judge;
  pythons?: Pythons;
}

/** A learner at a lesson, its first prompt shown. */
export class Learner extends Typist {
  session!: LessonSession;
  progress!: Progress;
  readonly work: string;
  readonly progressFile = join(mkdtempSync(join(tmpdir(), 'rediscover-learner-')), 'progress.json');
  /** Settles when they have left. */
  left!: Promise<void>;
  #prompt!: Prompt;
  #shared: Sandbox | undefined;
  #scenarios: Scenarios | undefined;

  constructor(options: LessonOptions) {
    super(options);
    this.work = options.work ?? mkdtempSync(join(tmpdir(), 'rediscover-work-'));
  }

  static async at(options: LessonOptions = {}): Promise<Learner> {
    const learner = new Learner(options);
    await learner.#begin(options);
    await learner.until('redis> ');
    return learner;
  }

  /** The marks of the course, as they stand in the file. */
  get kept(): Record<string, { status: string; attempts: number }> {
    const [course] = Object.values(JSON.parse(readFileSync(this.progressFile, 'utf8')).courses);
    return (course as { exercises: Record<string, { status: string; attempts: number }> }).exercises;
  }

  async close(): Promise<void> {
    this.#prompt.close();
    await this.left.catch(() => {});
    if (this.session.sandbox !== this.#shared) await this.session.sandbox.close();
    await this.#scenarios?.close();
  }

  async #begin({ course: folder = 'fixtures/courses/tiny', at, sandbox, redis, ...rest }: LessonOptions) {
    const { course } = await loadCourse(folder);
    this.#shared = sandbox;
    this.progress = await openProgress(course!, { file: this.progressFile });
    const screen = new Screen(this.output);
    const assistant = new Assistant({ keys: () => this.session.keys, course: course! });
    this.#prompt = await this.prompt({
      complete: (line) => assistant.complete(line),
      onInterrupt: (typed) => this.session.interrupt(typed),
    });
    this.session = new LessonSession({
      course: course!,
      progress: this.progress,
      prompt: this.#prompt,
      screen,
      sandbox: sandbox ?? (await openSandbox({ redis })),
      judge: async () => {
        if (rest.judge) return rest.judge;
        this.#scenarios ??= new Scenarios(() => openSandbox(), { trusted: true });
        return this.#scenarios;
      },
      work: new WorkFolder(this.work),
      pythons: rest.pythons,
      reopen: () => openSandbox({ redis }),
      choose: async (_, choices) => choices.find(({ name }) => name === rest.chosen)?.value,
    });
    this.left = this.session.run(at);
    this.left.catch(() => {});
  }
}

export interface ShellOptions {
  served?: Served;
  raw?: boolean;
}

/** Somebody at the prompt without a lesson, the first one shown. */
export class ShellUser extends Typist {
  session!: ShellSession;
  /** Settles when they have left. */
  left!: Promise<void>;
  #prompt!: Prompt;
  #close: () => Promise<void> = async () => {};

  static async at(options: ShellOptions = {}): Promise<ShellUser> {
    const user = new ShellUser();
    await user.#begin(options);
    await user.until('redis> ');
    return user;
  }

  async close(): Promise<void> {
    this.#prompt.close();
    await this.left.catch(() => {});
    await this.#close();
  }

  async #begin({ served, raw = false }: ShellOptions): Promise<void> {
    const reopen = async () => {
      const sandbox = await openSandbox();
      this.#close = () => sandbox.close();
      return sandbox;
    };
    const screen = new Screen(this.output);
    const assistant = new Assistant({ keys: (prefix) => this.session.keys(prefix) });
    this.#prompt = await this.prompt({
      complete: (line) => assistant.complete(line),
      onInterrupt: (typed) => this.session.interrupt(typed),
    });
    this.session = new ShellSession({
      served: served ?? (await reopen()),
      form: raw ? 'raw' : 'formatted',
      prompt: this.#prompt,
      screen,
      output: this.output,
      assistant,
      reopen,
    });
    this.left = this.session.run();
    this.left.catch(() => {});
  }
}

/** The process of the server that a client is at. */
export async function serverOf(client: { send(args: Buffer[]): Promise<Reply> }): Promise<number> {
  const reply = await client.send(splitArgs('INFO server')!);
  return Number(/process_id:(\d+)/.exec(reply.type === 'bulk' ? reply.bytes.toString() : '')![1]);
}
