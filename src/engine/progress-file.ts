import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { withLock } from './file-lock.ts';
import { type RecordedAnswer, readRecorded } from './recorded-answer.ts';

const VERSION = 1;

export type ProgressStatus = 'solved' | 'skipped' | 'revealed';

/** In which the module was written that solved a code exercise. */
export type MarkLanguage = (typeof LANGUAGES)[number];
const LANGUAGES = ['javascript', 'typescript', 'python'] as const;

/** How one exercise was left. */
export interface Mark {
  status: ProgressStatus;
  /** ISO 8601. */
  at: string;
  attempts: number;
  hints: number;
  language?: MarkLanguage;
  /** What solved it. */
  answer?: RecordedAnswer;
}

/** What was done of one course: marks by exercise id, and the exercise that was open last. */
export interface CourseMarks {
  exercises: Record<string, Mark>;
  last?: string;
}

/** What the file holds. Objects have no prototype: a course may be called "constructor". */
export interface Recorded {
  version: typeof VERSION;
  courses: Record<string, CourseMarks>;
}

/**
 * The file of what was solved. Each change re-reads it under a lock, and replaces it by a rename: copies that run
 * at once add to each other's records, and a crash at any instant leaves the old file or the new one, whole.
 * Changes are made in the order in which they were asked for. Nothing here throws or rejects: what went wrong is a
 * warning, and the program goes on with what it has in memory.
 */
export class ProgressFile {
  readonly path: string;
  readonly warnings: string[] = [];
  /** False where changes stay in memory: the folder can't be written, or the file is a newer version's. */
  kept = true;
  #recorded: Recorded = nothing();
  #latest: Promise<unknown> = Promise.resolve();
  readonly #onWarning: ((warning: string) => void) | undefined;

  constructor(path: string, onWarning?: (warning: string) => void) {
    this.path = path;
    this.#onWarning = onWarning;
  }

  /** What the file holds now. A damaged one is set aside first. */
  async read(): Promise<Recorded> {
    if (!this.kept) return this.#recorded;
    try {
      const found = this.#load();
      if (found === 'damaged') await this.#locked(() => this.#loadMended());
      else this.#recorded = found;
    } catch (error) {
      this.#notKept(error);
    }
    return this.#recorded;
  }

  /** Makes sure that the file can be written, so that the user hears early where it can't. */
  probe(): Promise<void> {
    return this.#queued(async () => {
      await this.#attempt(() => this.#locked(() => {}));
    });
  }

  /** Applies `change` to what the file holds by now, and writes it: on the disk when this resolves. */
  update(change: (recorded: Recorded) => void): Promise<Recorded> {
    return this.#queued(async () => {
      const wrote = await this.#attempt(async () => {
        while (!(await this.#tryUpdate(change)));
      });
      if (!wrote) change(this.#recorded);
      return this.#recorded;
    });
  }

  /** Resolves when all that was asked for so far is done. */
  async settled(): Promise<void> {
    await this.#latest;
  }

  #queued<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#latest.then(work);
    this.#latest = done.catch(() => {});
    return done;
  }

  /** False when the lock was taken from us, because this process had been stopped for too long. */
  async #tryUpdate(change: (recorded: Recorded) => void): Promise<boolean> {
    return this.#locked((held) => {
      const recorded = this.#loadMended();
      if (!this.kept) return true;
      change(recorded);
      return this.#replace(`${JSON.stringify(recorded, null, 1)}\n`, held);
    });
  }

  /** Whether `work` was done and the file is still ours to write. */
  async #attempt(work: () => Promise<void>): Promise<boolean> {
    if (!this.kept) return false;
    try {
      await work();
    } catch (error) {
      this.#notKept(error);
    }
    return this.kept;
  }

  async #locked<T>(work: (held: () => boolean) => T): Promise<T> {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    return withLock(`${this.path}.lock`, work);
  }

  #load(): Recorded | 'damaged' {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing();
      throw error;
    }
    const found = recordedFrom(text);
    if (found !== 'newer') return found;
    this.#leaveAlone(
      `Your progress in ${this.path} is from a newer Rediscover. It stays as it is, and what you do now is not kept.`,
    );
    return this.#recorded;
  }

  /** As `#load`, under the lock: another copy may have mended the file meanwhile. */
  #loadMended(): Recorded {
    const found = this.#load();
    this.#recorded = found === 'damaged' ? this.#setAside() : found;
    return this.#recorded;
  }

  #setAside(): Recorded {
    const aside = `${this.path}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    renameSync(this.path, aside);
    this.#warn(`Your progress file was damaged. It is kept as ${aside}, and a new one is begun.`);
    return nothing();
  }

  /** False, and nothing done, when the lock is no longer ours. */
  #replace(text: string, held: () => boolean): boolean {
    // Where a dotfiles folder holds the file and a link leads there, the link stays.
    const target = realPath(this.path);
    const folder = dirname(target);
    const start = `${basename(target)}.tmp-`;
    for (const name of readdirSync(folder)) {
      // Whoever made it is gone: we hold the lock.
      if (name.startsWith(start)) rmSync(join(folder, name), { force: true });
    }
    const temporary = join(folder, `${start}${process.pid}-${Math.random().toString(36).slice(2)}`);
    try {
      writeThrough(temporary, text);
      if (!held()) return false;
      renameSync(temporary, target);
    } finally {
      rmSync(temporary, { force: true });
    }
    sync(folder);
    return true;
  }

  #notKept(error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException;
    this.#leaveAlone(`Your progress is not kept: ${this.path} cannot be used (${code ?? message}).`);
  }

  #leaveAlone(warning: string): void {
    this.kept = false;
    this.#warn(warning);
  }

  #warn(warning: string): void {
    this.warnings.push(warning);
    this.#onWarning?.(warning);
  }
}

function nothing(): Recorded {
  return { version: VERSION, courses: Object.create(null) };
}

/** The text checked piece by piece: a file that anyone may edit decides nothing by surprise. */
function recordedFrom(text: string): Recorded | 'damaged' | 'newer' {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'damaged';
  }
  if (!isObject(parsed) || typeof parsed.version !== 'number') return 'damaged';
  if (parsed.version > VERSION) return 'newer';
  if (!isObject(parsed.courses)) return 'damaged';
  const recorded = nothing();
  for (const [id, course] of Object.entries(parsed.courses)) {
    if (!isObject(course) || !isObject(course.exercises)) return 'damaged';
    const exercises: Record<string, Mark> = Object.create(null);
    for (const [exercise, mark] of Object.entries(course.exercises)) {
      if (!isMark(mark)) return 'damaged';
      const { status, at, attempts, hints } = mark;
      const language = LANGUAGES.find((one) => one === mark.language);
      const answer = readRecorded(mark.answer);
      exercises[exercise] = {
        status,
        at,
        attempts,
        hints,
        ...(language && { language }),
        ...(answer && { answer }),
      };
    }
    if (course.last !== undefined && typeof course.last !== 'string') return 'damaged';
    recorded.courses[id] = course.last === undefined ? { exercises } : { exercises, last: course.last };
  }
  return recorded;
}

function isMark(value: unknown): value is Mark {
  return (
    isObject(value) &&
    ['solved', 'skipped', 'revealed'].includes(value.status as string) &&
    typeof value.at === 'string' &&
    Number.isSafeInteger(value.attempts) &&
    Number.isSafeInteger(value.hints)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** On the disk when it returns: a rename may otherwise survive a power cut that the content does not. */
function writeThrough(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function sync(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Not every system can; the rename itself is done.
  }
}
