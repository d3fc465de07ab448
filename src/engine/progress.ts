import type { Course, Exercise } from '../course/course.ts';
import { exercisesOf } from '../course/course.ts';
import { progressFile } from '../folders.ts';
import {
  type CourseMarks,
  type Mark,
  type MarkLanguage,
  ProgressFile,
  type ProgressStatus,
  type Recorded,
} from './progress-file.ts';
import type { RecordedAnswer } from './recorded-answer.ts';

export type { Mark, MarkLanguage, ProgressStatus } from './progress-file.ts';

export interface ProgressOptions {
  /** Where it is kept; the user's own file by default. */
  file?: string;
  /** Hears what goes wrong later on, e.g. when the disk is full. */
  onWarning?: (warning: string) => void;
}

/** The learner's progress in one course, for a session that adds to it. Never rejects. */
export async function openProgress(course: Course, options: ProgressOptions = {}): Promise<Progress> {
  const progress = await readProgress(course, options);
  await progress.probe();
  return progress;
}

/** The same, for looking at it: makes no folder and no file. */
export async function readProgress(course: Course, options: ProgressOptions = {}): Promise<Progress> {
  const file = new ProgressFile(options.file ?? progressFile(), options.onWarning);
  return new Progress(course, file, await file.read());
}

/** Which of two marks of one exercise stays, when copies of the program run at once or it is met again. */
const weight: Record<ProgressStatus, number> = { skipped: 1, revealed: 2, solved: 3 };

/** What an exercise took: hints, judgements, and of what solved it the language of the module, and itself. */
export interface Spent {
  hints?: number;
  tries?: number;
  language?: MarkLanguage;
  answer?: RecordedAnswer | undefined;
}

/** What a learner has solved, skipped or revealed of one course. A change is on the disk when its promise resolves; none rejects. */
export class Progress {
  readonly #course: Course;
  readonly #file: ProgressFile;
  #marks: CourseMarks;

  constructor(course: Course, file: ProgressFile, recorded: Recorded) {
    this.#course = course;
    this.#file = file;
    this.#marks = marksOf(recorded, course);
  }

  /** What the user should know: a damaged file was set aside, or changes are not kept. */
  get warning(): string | undefined {
    return this.#file.warnings.length > 0 ? this.#file.warnings.join('\n') : undefined;
  }

  /** Whether changes outlive the program. */
  get kept(): boolean {
    return this.#file.kept;
  }

  /** The exercise to go on with: the last one, or the next after it that is not solved. Undefined when all are. */
  get next(): string | undefined {
    const ids = exercisesOf(this.#course).map(({ id }) => id);
    const at = Math.max(0, ids.indexOf(this.#marks.last ?? ''));
    return [...ids.slice(at), ...ids.slice(0, at)].find((id) => this.statusOf(id) !== 'solved');
  }

  statusOf(id: string): ProgressStatus | 'none' {
    return this.#marks.exercises[id]?.status ?? 'none';
  }

  markOf(id: string): Mark | undefined {
    return this.#marks.exercises[id];
  }

  /** How many of these are solved. */
  solved(exercises: Exercise[]): number {
    return exercises.filter(({ id }) => this.statusOf(id) === 'solved').length;
  }

  /** Says early whether changes can be kept. */
  probe(): Promise<void> {
    return this.#file.probe();
  }

  /** Resolves when every change so far is on the disk, or is known not to be kept. */
  settled(): Promise<void> {
    return this.#file.settled();
  }

  /** Notes which exercise is open. */
  async visit(id: string): Promise<void> {
    if (this.#marks.last === id) return;
    await this.#change((marks) => {
      marks.last = id;
    });
  }

  solve(id: string, { hints = 0, tries = 1, language, answer }: Spent = {}): Promise<void> {
    const how = { ...(language && { language }), ...(answer && { answer }) };
    return this.#mark(id, { status: 'solved', attempts: tries, hints, ...how });
  }

  skip(id: string, { hints = 0, tries = 0 }: Spent = {}): Promise<void> {
    return this.#mark(id, { status: 'skipped', attempts: tries, hints });
  }

  reveal(id: string, { hints = 0, tries = 0 }: Spent = {}): Promise<void> {
    return this.#mark(id, { status: 'revealed', attempts: tries, hints });
  }

  /** Forgets what was done of one lesson, or of the course. Answers how many exercises that was. */
  async reset(lesson?: string): Promise<number> {
    let forgotten = 0;
    await this.#change((marks) => {
      const belongs = (id: string) => lesson === undefined || id.startsWith(`${lesson}/`);
      const ids = Object.keys(marks.exercises).filter(belongs);
      forgotten = ids.length;
      for (const id of ids) delete marks.exercises[id];
      if (marks.last !== undefined && belongs(marks.last)) delete marks.last;
    });
    return forgotten;
  }

  #mark(id: string, mark: Omit<Mark, 'at'>): Promise<void> {
    return this.#change((marks) => {
      if (!outweighs(mark.status, marks.exercises[id])) return;
      const { status, ...spent } = mark;
      marks.exercises[id] = { status, at: new Date().toISOString(), ...spent };
    });
  }

  async #change(change: (marks: CourseMarks) => void): Promise<void> {
    const recorded = await this.#file.update((recorded) => {
      const marks = marksOf(recorded, this.#course);
      recorded.courses[this.#course.id] = marks;
      change(marks);
    });
    this.#marks = marksOf(recorded, this.#course);
  }
}

function outweighs(status: ProgressStatus, mark: Mark | undefined): boolean {
  return mark === undefined || weight[status] > weight[mark.status];
}

/** A course's marks under the ids that its exercises have today; marks of dropped ones stay where they are. */
function marksOf(recorded: Recorded, course: Course): CourseMarks {
  const { exercises, last } = recorded.courses[course.id] ?? { exercises: {} };
  const marks: CourseMarks = { exercises: Object.create(null) };
  for (const [id, mark] of Object.entries(exercises)) {
    const today = idToday(id, course);
    const other = marks.exercises[today];
    if (outweighs(mark.status, other)) marks.exercises[today] = mark;
  }
  if (last !== undefined) marks.last = idToday(last, course);
  return marks;
}

/** Follows renames, of which there may be several; one that leads in a circle ends where it began. */
function idToday(id: string, { retired }: Course): string {
  const seen = new Set<string>();
  let today = id;
  while (Object.hasOwn(retired, today) && !seen.has(today)) {
    seen.add(today);
    const next = retired[today];
    if (typeof next !== 'string') return today;
    today = next;
  }
  return today;
}
