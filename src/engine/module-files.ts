import { constants, type FSWatcher, watch } from 'node:fs';
import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { languageOf } from '../course/code-module.ts';
import {
  type CodeAnswer,
  type CodeModule,
  type Exercise,
  MODULE_ENDINGS,
  type ModuleEnding,
} from '../course/course.ts';
import type { MarkLanguage } from './progress.ts';
import { NoWorkFolder, type WorkFolder, writeNew } from './work-folder.ts';

/** Milliseconds of silence after which an editor has written all of a file: some empty it first, some rename. */
const PAUSE = 40;
/** Bytes of a file that is read. */
const MOST = 1_000_000;

export const LANGUAGE_OF: Record<ModuleEnding, MarkLanguage> = {
  js: 'javascript',
  ts: 'typescript',
  py: 'python',
};

/** A learner's module, as it was when it was read. */
export interface ModuleFile {
  ending: ModuleEnding;
  path: string;
  /** The path as the user would name it. */
  shown: string;
  source: string;
  /** Whether nothing was there before. */
  isNew?: true;
}

/** The files in which a learner writes the module of one exercise: one for each language they try. */
export class ModuleFiles {
  readonly #work: WorkFolder;
  readonly #name: string;
  readonly #lesson: string;
  readonly #module: CodeModule;

  constructor(work: WorkFolder, { id, module }: Pick<Exercise, 'id'> & { module: CodeModule }) {
    this.#work = work;
    [this.#lesson, this.#name] = id.split('/') as [string, string];
    this.#module = module;
  }

  /** In which it can be begun. */
  get endings(): ModuleEnding[] {
    return MODULE_ENDINGS.filter((ending) => this.#module.starters[ending] !== undefined);
  }

  /** The file in this language, made from the starter where there is none. Rejects with NoWorkFolder. */
  async open(ending: ModuleEnding): Promise<ModuleFile> {
    const path = await this.#path(ending);
    const starter = this.#module.starters[ending] ?? '';
    const isNew = await this.#work.attempt(path, () => writeNew(path, starter));
    return isNew
      ? { ending, path, shown: this.#work.shown(path), source: starter, isNew }
      : this.#read(ending);
  }

  /** The file that was saved last; of none, the first starter becomes one. Rejects with NoWorkFolder. */
  async latest(): Promise<ModuleFile> {
    const saved = await Promise.all(
      MODULE_ENDINGS.map(async (ending) => {
        const found = await stat(await this.#path(ending)).catch(() => undefined);
        return { ending, at: found?.isFile() ? found.mtimeMs : 0 };
      }),
    );
    const last = saved.reduce((one, other) => (other.at > one.at ? other : one));
    return last.at > 0 ? this.#read(last.ending) : this.open(this.endings[0]!);
  }

  /** Whether it is the starter as it was. */
  isStarter({ ending, source }: ModuleFile): boolean {
    return source === this.#module.starters[ending];
  }

  /** Writes the starter anew; the path of the copy of what was there, unless that was the starter. Rejects with NoWorkFolder. */
  async reset(file: ModuleFile): Promise<string | undefined> {
    const { path, ending } = file;
    if (this.isStarter(file)) return undefined;
    const copy = await this.#work.attempt(path, () => copyOf(path));
    await this.#work.attempt(path, () => writeFile(path, this.#module.starters[ending] ?? ''));
    return this.#work.shown(copy);
  }

  /** Calls back when one of them may have been saved. Returns what ends that. Rejects with NoWorkFolder. */
  async watch(onSaved: () => void): Promise<() => void> {
    const folder = await this.#work.folder(this.#lesson);
    let timer: NodeJS.Timeout | undefined;
    let watcher: FSWatcher;
    try {
      watcher = watch(folder, (_, name) => {
        if (name !== null && !MODULE_ENDINGS.some((ending) => name === `${this.#name}.${ending}`)) return;
        clearTimeout(timer);
        timer = setTimeout(onSaved, PAUSE);
      });
    } catch (error) {
      throw new NoWorkFolder(
        `${this.#work.shown(folder)} can't be watched: ${(error as Error).message}.`,
        error,
      );
    }
    // A folder that is gone; .check reads what there is.
    watcher.on('error', () => {});
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  }

  /** Its code, to be judged. */
  answerOf({ path, source }: ModuleFile): CodeAnswer {
    const { at } = this.#module;
    return { kind: 'code', language: languageOf(path)!, source, file: path, at };
  }

  async #path(ending: ModuleEnding): Promise<string> {
    return join(await this.#work.folder(this.#lesson), `${this.#name}.${ending}`);
  }

  async #read(ending: ModuleEnding): Promise<ModuleFile> {
    const path = await this.#path(ending);
    await this.#work.mustHold(path);
    const shown = this.#work.shown(path);
    const source = await this.#work.attempt(path, async () => {
      const found = await stat(path);
      if (!found.isFile()) throw new NoWorkFolder(`${shown} is no file.`);
      if (found.size > MOST) throw new NoWorkFolder(`${shown} is larger than 1 MB.`);
      return readFile(path, 'utf8');
    });
    return { ending, path, shown, source: source.replace(/^\ufeff/, '') };
  }
}

/** `lock.1.js` of `lock.js`, or the next number that is free. */
async function copyOf(path: string): Promise<string> {
  const [, name, ending] = /^(.*)(\.[^.]+)$/.exec(basename(path))!;
  for (let number = 1; ; number++) {
    const copy = join(path, '..', `${name}.${number}${ending}`);
    try {
      await copyFile(path, copy, constants.COPYFILE_EXCL);
      return copy;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
