import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Answers } from '../engine/answers-file.ts';
import type { Item } from '../engine/check.ts';
import type { Result } from '../engine/result.ts';
import { Failure } from '../failure.ts';
import { say } from '../ui/say.ts';

/** Ms after the last sign of a change: an editor writes in several steps. */
const SETTLED = 15;

export interface Watching {
  /** Since before the answers were read first. */
  saves: Saves;
  /** Reads the answers anew. Rejects with BadUsage. */
  read(): Promise<Answers>;
  itemsOf(answers: Answers): Item[];
  judge(items: readonly Item[]): AsyncIterable<Result>;
  /** Shows a round: what was judged in it, and what is known of all. */
  show(judged: readonly Result[], all: readonly Result[]): Promise<void>;
}

/** Judges again what was changed by a save, as long as the program runs. `answers` and `results` are those of the first round. */
export async function watchAnswers(
  watching: Watching,
  answers: Answers,
  results: readonly Result[],
): Promise<never> {
  const known = new Map(results.map((result) => [result.id, result]));
  const seen = new Map(watching.itemsOf(answers).map((item) => [item.exercise.id, shapeOf(item)]));
  const { saves } = watching;
  let trouble = '';
  for (;;) {
    await saves.next();
    let latest: Answers;
    try {
      latest = await watching.read();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.message !== trouble) say(error.message);
      trouble = error.message;
      continue;
    }
    trouble = '';
    saves.follow(latest.files);
    const items = watching.itemsOf(latest);
    const changed = items.filter((item) => seen.get(item.exercise.id) !== shapeOf(item));
    const gone = [...known.keys()].filter((id) => !items.some(({ exercise }) => exercise.id === id));
    for (const id of gone) {
      known.delete(id);
      seen.delete(id);
    }
    if (changed.length === 0 && gone.length === 0) continue;
    const judged: Result[] = [];
    for await (const result of watching.judge(changed)) {
      judged.push(result);
      known.set(result.id, result);
    }
    for (const item of changed) seen.set(item.exercise.id, shapeOf(item));
    await watching.show(
      judged,
      items.flatMap(({ exercise }) => known.get(exercise.id) ?? []),
    );
  }
}

/** What makes an answer another one: not where in its file it stands. */
function shapeOf({ answer, mistakes }: Item): string {
  if (!answer) return JSON.stringify(mistakes ?? null);
  const { at: _, ...rest } = answer;
  return JSON.stringify('lines' in rest ? rest.lines.map(({ text }) => text) : rest);
}

/** Saves of some files. Their folders are watched: what is saved by a rename is another file each time. */
export class Saves {
  #files = new Set<string>();
  readonly #folders = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #pending = false;
  #heard: () => void = () => {};

  constructor(files: readonly string[]) {
    this.follow(files);
  }

  follow(files: readonly string[]): void {
    this.#files = new Set(files.map((file) => resolve(file)));
    const folders = new Set([...this.#files].map((file) => dirname(file)));
    for (const [folder, watcher] of this.#folders) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const folder of folders) if (!this.#folders.has(folder)) this.#watch(folder);
  }

  /** Resolves once something was saved since the last time, and it is quiet. */
  async next(): Promise<void> {
    if (!this.#pending)
      await new Promise<void>((heard) => {
        this.#heard = heard;
      });
    this.#pending = false;
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name !== null && ![...this.#files].some((file) => basename(file) === name)) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
          this.#pending = true;
          this.#heard();
        }, SETTLED);
      });
      watcher.on('error', () => {});
      this.#folders.set(folder, watcher);
    } catch {
      // A folder that is not there: what it holds is a mistake of the answers until they are saved again.
    }
  }
}
