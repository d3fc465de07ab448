import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPython } from '../code/python.ts';
import type { Exercise } from '../course/course.ts';
import { hashOf } from '../course/kept-course.ts';
import { keepFile, sweep } from '../course/kept-file.ts';

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
    return { ...(counts && { counts }), keep: (found) => keepFile(path, JSON.stringify(found)) };
  }

  /** Takes away the oldest of very many. */
  sweep(): Promise<void> {
    return sweep(this.#folder, { files: MOST });
  }
}
