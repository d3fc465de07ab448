import { join } from 'node:path';
import type { Verdict } from '../checks/verdict.ts';
import { findPython, type Python } from '../code/python.ts';
import type { CodeModule, Exercise, ModuleEnding } from '../course/course.ts';
import type { Attempt } from '../engine/attempt.ts';
import { LANGUAGE_OF, type ModuleFile, ModuleFiles } from '../engine/module-files.ts';
import type { Progress } from '../engine/progress.ts';
import { recordedModule } from '../engine/recorded-answer.ts';
import type { Scenarios } from '../engine/scenarios.ts';
import { NoWorkFolder, type WorkFolder } from '../engine/work-folder.ts';
import { Failure } from '../failure.ts';
import type { Relay } from '../redis/relay.ts';
import { drawSourceDiff } from '../ui/source-diff.ts';
import { visible } from '../ui/visible.ts';
import type { Here } from './dot/command.ts';
import { edit, editorIn } from './editor.ts';
import { Effort, showCode } from './effort.ts';
import { showCases, showFailure } from './module-verdict.ts';
import type { Practice } from './practice.ts';
import type { Prompt } from './prompt.ts';
import { walkSchedule } from './replay.ts';
import type { Screen } from './screen.ts';
import { Typing } from './typing.ts';

/** Milliseconds after which it is said that judging goes on. */
const LONG = 500;
/** Lines of what a module prints that are shown. */
const MOST_OUTPUT = 100;

/** An exercise that asks for a module. */
export type ModuleExercise = Exercise & { module: CodeModule };

/** What judges modules. */
export type Judge = Pick<Scenarios, 'judge' | 'replay' | 'run' | 'onTried'>;

/** Where a Python that has redis-py is to be had. */
export interface Pythons {
  find(): Promise<Python>;
  /** Makes one in a folder of its own, with what it fetches from the package index. */
  make?(folder: string): Promise<Python>;
}

export interface ModulePracticeParts {
  exercise: ModuleExercise;
  attempt: Attempt;
  screen: Screen;
  prompt: Prompt;
  progress: Progress;
  /** Where the learner's file is. */
  work: WorkFolder;
  /** It is loaded when something is first judged. */
  judge: () => Promise<Judge>;
  choose: Here['choose'];
  /** Where the learner's editor is named. */
  env?: Record<string, string | undefined>;
  pythons?: Pythons;
}

interface Judged {
  file: ModuleFile;
  verdict: Verdict;
}

/**
 * A learner at an exercise of code: the file they write is judged whenever it is saved. What is typed runs as ever, and is
 * judged by nobody.
 */
export class ModulePractice implements Practice {
  readonly exercise: ModuleExercise;
  readonly attempt: Attempt;
  readonly choices = undefined;
  readonly asks = false;
  readonly place = undefined;
  readonly #screen: Screen;
  readonly #prompt: Prompt;
  readonly #judge: () => Promise<Judge>;
  readonly #choose: Here['choose'];
  readonly #env: Record<string, string | undefined>;
  readonly #pythons: Pythons;
  readonly #work: WorkFolder;
  readonly #files: ModuleFiles;
  readonly #effort: Effort;
  readonly #typing: Typing;
  /** Each file as it was when it was looked at last. */
  readonly #seen = new Map<ModuleEnding, string>();
  /** Which of them counts, since the last look. */
  #ending: ModuleEnding | undefined;
  /** What was judged last. */
  #last: Judged | undefined;
  /** Something was saved that has not been looked at. */
  #saved = false;
  #judging: Promise<void> | undefined;
  /** Lasts while an editor has the terminal. */
  #editing: Promise<void> | undefined;
  #endWatch: (() => void) | undefined;
  #left = false;

  constructor(parts: ModulePracticeParts) {
    const { exercise, attempt, screen, prompt, progress, work, judge, choose } = parts;
    this.exercise = exercise;
    this.attempt = attempt;
    this.#choose = choose;
    this.#env = parts.env ?? process.env;
    this.#pythons = parts.pythons ?? { find: findPython };
    this.#work = work;
    this.#screen = screen;
    this.#prompt = prompt;
    this.#judge = judge;
    this.#files = new ModuleFiles(work, exercise);
    this.#effort = new Effort(exercise, { screen, progress });
    this.#typing = new Typing(attempt, screen);
  }

  get solved(): boolean {
    return this.#effort.solved;
  }

  get running(): boolean {
    return this.#typing.running;
  }

  async task(): Promise<void> {
    await this.#screen.prose(this.exercise.task);
    await this.#withFile(async (file) => {
      this.#screen.note(
        this.#files.isStarter(file)
          ? `Write it in ${file.shown} with your editor (.edit opens one); it is judged whenever you save.`
          : `What you wrote is in ${file.shown}; .check judges it, as each save does. .reset begins anew.`,
      );
      if (!this.#endWatch) void this.#tellOfLanguages(file);
      this.#endWatch ??= await this.#files.watch(() => this.#hear());
    });
  }

  async try(line: string): Promise<void> {
    const outcome = await this.#typing.run(line);
    if (outcome.kind === 'answer') this.asksNothing();
    if (outcome.kind === 'connect') this.#screen.note('There is nothing to connect to here.');
    if (outcome.kind !== 'reply') return;
    await this.attempt.look();
    this.#typing.changes();
  }

  /** What others do runs too, and is judged by nobody. */
  follow(relay: Relay): void {
    this.attempt.follow(relay);
  }

  asksNothing(): void {
    this.#screen.note('No question is asked here: this is done with code. .task shows it again.');
  }

  async check(): Promise<void> {
    await this.#judging;
    await this.#withFile(async (file) => {
      await this.#tell(await this.#judged(file), (draw) => draw(), showCases);
    });
  }

  hint(): Promise<void> {
    return this.#effort.hint();
  }

  /** In the language at hand, where there is one in it. */
  async solution(): Promise<void> {
    await this.#effort.reveal();
    const { solutions } = this.exercise.module;
    const language = this.#ending === 'py' ? 'python' : 'node';
    showCode(this.#screen, [solutions.find((one) => one.language === language) ?? solutions[0]!]);
    if (!this.solved) this.#screen.note('Write it in your file, and save; then it counts as solved.');
  }

  code(language: string): void {
    const { solutions } = this.exercise.module;
    showCode(
      this.#screen,
      solutions.filter((one) => language === '' || one.language === language),
    );
  }

  skip(): Promise<void> {
    return this.#effort.skip();
  }

  async reset(): Promise<void> {
    await this.#withFile(async (file) => {
      const copy = await this.#files.reset(file);
      if (copy !== undefined) this.#screen.note(`What you wrote is kept in ${copy}.`);
    });
  }

  leave(): void {
    this.#left = true;
    this.#endWatch?.();
  }

  /** The endings of the languages that it can be written in. */
  get endings(): ModuleEnding[] {
    return this.#files.endings;
  }

  /** Opens the learner's editor on the file, in this language where one is named, and judges what comes of it. */
  async edit(ending: string): Promise<void> {
    if (ending !== '' && !this.endings.includes(ending as ModuleEnding)) {
      this.#screen.note(`It is written in ${this.endings.join(', ')} here, as in .edit ${this.endings[0]}.`);
      return;
    }
    if (ending === 'py' && !(await this.#hasPython())) return;
    await this.#withFile(async (current) => {
      const file = ending === '' ? current : await this.#files.open(ending as ModuleEnding);
      if (file.isNew) this.#seen.set(file.ending, file.source);
      this.#ending = file.ending;
      const editor = editorIn(this.#env);
      if (editor === undefined) {
        this.#screen.note(`There is no editor to be found. Open ${file.shown}, or set EDITOR to yours.`);
        return;
      }
      this.#screen.note(`${file.shown}, in ${editor}:`);
      const before = this.#last;
      const edited = this.#prompt.lendToProgram(() => edit(editor, file.path));
      this.#editing = edited.catch(() => {});
      try {
        await edited;
      } catch (error) {
        const why = (error as Error).message;
        this.#screen.note(`${editor} could not be used: ${why}. Open ${file.shown} in another one.`);
      }
      this.#editing = undefined;
      this.#hear();
      await this.#judging;
      if (this.#last === before) this.#screen.note('Nothing was saved yet; it is judged whenever you save.');
    });
  }

  /** What is different from the starter. */
  async diff(): Promise<void> {
    await this.#withFile(async ({ ending, source, shown }) => {
      const starter = this.exercise.module.starters[ending] ?? '';
      const drawn = await drawSourceDiff(starter, source, this.#screen.theme);
      if (drawn) this.#screen.line(drawn);
      else this.#screen.note(`${shown} is the starter, as it was.`);
    });
  }

  /** Has it called as the first case of its scenario does, and shows what it prints. */
  async run(): Promise<void> {
    await this.#judging;
    await this.#withFile(async (file) => {
      const judge = await this.#judge();
      const { output, message } = await judge
        .run(this.exercise, this.#files.answerOf(file))
        .catch((error) => ({ output: [], message: `This could not be run: ${error.message}` }));
      for (const line of output.slice(0, MOST_OUTPUT)) this.#screen.line(`  ${visible(line)}`);
      if (output.length > MOST_OUTPUT) this.#screen.note(`and ${output.length - MOST_OUTPUT} lines more`);
      if (output.length === 0) this.#screen.note('It printed nothing.');
      if (message) this.#screen.line(this.#screen.wrapped(message));
    });
  }

  /** Goes through the schedule that failed last. */
  async replay(): Promise<void> {
    await this.#judging;
    await this.#withFile(async (file) => {
      const last = this.#last;
      const isJudged = last?.file.path === file.path && last.file.source === file.source;
      const { verdict } = isJudged ? last : await this.#judged(file);
      const { schedule } = verdict;
      if (!schedule) {
        const none = 'There is no schedule to go through';
        this.#screen.note(
          verdict.status === 'passed' ? `${none}: every case holds.` : `${none}. .check tells what is wrong.`,
        );
        return;
      }
      const code = this.#files.answerOf(file);
      const judge = await this.#judge();
      const story = await judge.replay(this.exercise, code, schedule).catch((error) => this.#unjudged(error));
      if (story) await walkSchedule(story, { screen: this.#screen, prompt: this.#prompt });
    });
  }

  /** How to write it in another language than it is. */
  async #tellOfLanguages({ ending }: ModuleFile): Promise<void> {
    const others = this.endings.filter((one) => one !== ending);
    const python = others.includes('py') ? await this.#pythons.find() : undefined;
    const words = others
      .filter((one) => one !== 'py')
      .map((one) => `.edit ${one} begins it in ${NAME_OF[one]}`);
    if (python) {
      const lacks =
        'missing' in python && (this.#pythons.make ? ', and sets Python up' : ', once Python has redis-py');
      words.push(`.edit py begins it in Python${lacks || ''}`);
    }
    if (words.length > 0 && !this.#left)
      this.#prompt.above(() => this.#screen.note(`Or: ${words.join('; ')}.`));
  }

  /** Whether there is one, by now; the learner may have it set up. */
  async #hasPython(): Promise<boolean> {
    let python = await this.#pythons.find();
    if ('missing' in python && this.#pythons.make) {
      const folder = join(this.#work.path, '.venv');
      const where = visible(this.#work.shown(folder));
      const yes = await this.#choose(`Python can't run it here: ${python.missing}. Set it up in ${where}?`, [
        { name: 'Yes: a Python of its own, with redis-py from the package index', value: true },
        { name: 'No: go on in JavaScript', value: false },
      ]);
      if (!yes) return false;
      this.#screen.note(`Making ${where} ...`);
      python = await this.#pythons.make(folder);
    }
    if (!('missing' in python)) return true;
    this.#screen.note(
      `Python can't run it here: ${python.missing}. With python3 there, pip install redis brings what is missing.`,
    );
    return false;
  }

  /** Has it done with the file that counts, and says of what can't be. */
  async #withFile(use: (file: ModuleFile) => Promise<void>): Promise<void> {
    try {
      await use((await this.#look()).file);
    } catch (error) {
      this.#noFile(error);
    }
  }

  #noFile(error: unknown): void {
    if (!(error instanceof NoWorkFolder)) throw error;
    this.#screen.line(this.#screen.wrapped(error.message, { style: this.#screen.theme.warn }));
    this.#screen.note(`${error.next}. .skip goes on without.`);
  }

  /** The file that counts, and whether it is not as it was when it was looked at last. Rejects with NoWorkFolder. */
  async #look(): Promise<{ file: ModuleFile; isNews: boolean }> {
    const latest = await this.#files.latest();
    const isNews = this.#seen.get(latest.ending) !== latest.source;
    this.#seen.set(latest.ending, latest.source);
    if (isNews) this.#ending = latest.ending;
    // One that was opened since then counts from then on.
    const file = this.#ending === latest.ending ? latest : await this.#files.open(this.#ending!);
    return { file, isNews };
  }

  /** Something may have been saved: it is judged once what is judged now is told. */
  #hear(): void {
    this.#saved = true;
    this.#judging ??= this.#judgeSaved()
      .catch((error) => this.#prompt.above(() => this.#noFile(error)))
      .finally(() => {
        this.#judging = undefined;
      });
  }

  async #judgeSaved(): Promise<void> {
    let judged: Judged | undefined;
    while ((this.#saved || judged) && !this.#left) {
      if (this.#saved) {
        this.#saved = false;
        const { file, isNews } = await this.#look();
        if (isNews) judged = await this.#judged(file);
        await this.#editing;
        // What was saved since then is what the learner wants to hear of, unless this was right.
        if (this.#saved && judged?.verdict.status !== 'passed') continue;
      }
      if (judged) await this.#tell(judged, (draw) => this.#prompt.above(draw), showFailure);
      if (judged?.verdict.status === 'failed' && !this.solved) this.#effort.tries++;
      judged = undefined;
    }
  }

  /** Judges it; what keeps it from being judged is the verdict then. */
  async #judged(file: ModuleFile): Promise<Judged> {
    let tried = 0;
    const long = setTimeout(() => {
      if (!this.#editing && !this.#left)
        this.#prompt.above(() =>
          this.#screen.note(
            tried === 0
              ? `${file.shown} is being tried ...`
              : `${file.shown} is being tried: ${tried} schedules so far ...`,
          ),
        );
    }, LONG);
    let verdict: Verdict;
    try {
      const judge = await this.#judge();
      judge.onTried = () => void tried++;
      verdict = await judge.judge(this.exercise, this.#files.answerOf(file));
    } catch (error) {
      verdict = { status: 'error', checks: [], error: error as Error };
    } finally {
      clearTimeout(long);
    }
    this.#last = { file, verdict };
    return this.#last;
  }

  /** Says what came of it. */
  async #tell(
    { file, verdict }: Judged,
    show: (draw: () => void) => void,
    showAll: (screen: Screen, verdict: Verdict) => void,
  ): Promise<void> {
    const passed = verdict.status === 'passed';
    const isFirst = passed && !this.solved;
    const recorded = recordedModule(file.ending, file.source);
    const after = isFirst ? await this.#effort.solve(recorded, LANGUAGE_OF[file.ending]) : '';
    if (this.#left) return;
    show(() => {
      const { theme } = this.#screen;
      if (verdict.status === 'error') return this.#unjudged(verdict.error);
      if (!passed || showAll === showCases) showAll(this.#screen, verdict);
      if (isFirst) {
        this.#effort.celebrate(after);
        this.#screen.note('Enter goes on.');
      } else if (passed) this.#screen.line(theme.good(`${theme.sign.passed} Every case holds.`));
    });
  }

  #unjudged(error: Error | undefined): void {
    const { theme } = this.#screen;
    const text = `This could not be judged: ${visible(String(error?.message))}`;
    this.#screen.line(this.#screen.wrapped(text, { style: theme.warn }));
    if (error instanceof Failure && error.next) this.#screen.note(error.next);
    else if (error?.name !== 'NoLanguage')
      this.#screen.note('That is no fault of yours. Try .check again, or .skip.');
  }
}

const NAME_OF: Record<ModuleEnding, string> = { js: 'JavaScript', ts: 'TypeScript', py: 'Python' };
