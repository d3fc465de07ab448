import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPython } from '../code/python.ts';
import type { Exercise } from '../course/course.ts';
import { hashOf } from '../course/kept-course.ts';

/** How often each was tried of an exercise. */
export interface TestedCounts {
  modules: number;
  rejects: number;
}

/** Files that are kept at most; the oldest go. */
const MOST = 2000;

/**
 * Which code exercises were tested before, just as they are now, and found clean: by the hash of all that the result
 * depends on. Not a word where nothing can be kept.
 */
export class Tested {
  readonly #folder: string;
  readonly #build: string;

  /** `folder` need not exist; `build` tells one build of the program from another. */
  constructor(folder: string, build: string) {
    this.#folder = folder;
    this.#build = build;
  }

  /** `server` is the one that it would be tested on: product and version. */
  async of(
    exercise: Exercise,
    server: string,
  ): Promise<{ counts?: TestedCounts; keep(counts: TestedCounts): Promise<void> }> {
    const { id, module, reject } = exercise;
    const depends = [this.#build, process.version, await findPython(), server, id, module, reject];
    const path = join(this.#folder, hashOf(JSON.stringify(depends)));
    const counts = await readFile(path, 'utf8')
      .then((text) => JSON.parse(text) as TestedCounts)
      .catch(() => undefined);
    return { ...(counts && { counts }), keep: (found) => this.#keep(path, found) };
  }

  async #keep(path: string, counts: TestedCounts): Promise<void> {
    const temporary = `${path}.${process.pid}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(temporary, JSON.stringify(counts), { mode: 0o600 });
      await rename(temporary, path);
    } catch {
      // It will be tested again the next time.
      await rm(temporary, { force: true }).catch(() => {});
    }
  }

  /** Takes away the oldest of very many. */
  async sweep(): Promise<void> {
    try {
      const names = await readdir(this.#folder);
      if (names.length <= MOST) return;
      const all = await Promise.all(
        names.map(async (name) => ({ name, time: (await stat(join(this.#folder, name))).mtimeMs })),
      );
      for (const { name } of all.sort((a, b) => b.time - a.time).slice(MOST))
        await rm(join(this.#folder, name), { force: true });
    } catch {}
  }
}
