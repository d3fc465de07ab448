import type { Course } from '../course/course.ts';
import { exercisesOf } from '../course/course.ts';
import { unknownName } from '../course/named.ts';
import { openProgress, type Progress, readProgress } from '../engine/progress.ts';
import { BadUsage, ExitCode, Failure } from '../failure.ts';
import { safeJson } from '../report/safe-json.ts';
import { columns, pad } from '../ui/columns.ts';
import { say } from '../ui/say.ts';
import { type Output, type Theme, themeFor, widthOf } from '../ui/theme.ts';
import { visible } from '../ui/visible.ts';
import { cutRuns, wrapText } from '../ui/wrap.ts';
import { confirmHere } from './ask.ts';
import { openOutline } from './course-option.ts';
import type { CourseFlags } from './flags.ts';
import { exercisesIn, statusWord } from './list.ts';

export interface ProgressFlags extends CourseFlags {
  json?: boolean;
}

export interface ResetFlags extends ProgressFlags {
  yes?: boolean;
}

/** `rediscover progress`: what is solved, skipped or revealed, by lesson. */
export async function runProgress(flags: ProgressFlags): Promise<ExitCode> {
  const course = await openOutline(flags);
  const progress = await readProgress(course);
  warn(progress);
  process.stdout.write(
    flags.json ? asJson(course, progress) : drawProgress(course, progress, process.stdout),
  );
  return ExitCode.passed;
}

/** `rediscover progress reset [lesson]`: forgets it, after asking. */
export async function runProgressReset(lesson: string | undefined, flags: ResetFlags): Promise<ExitCode> {
  const course = await openOutline(flags);
  const progress = await openProgress(course);
  warn(progress);
  const said = await resetProgress(course, progress, lesson, flags.yes ? async () => true : confirmHere());
  say(said);
  if (flags.json) process.stdout.write(asJson(course, progress));
  return ExitCode.passed;
}

/** Says what was done. `ask` is absent where nobody can be asked. Throws BadUsage, and Failure when it can't be written. */
export async function resetProgress(
  course: Course,
  progress: Progress,
  lesson: string | undefined,
  ask: ((question: string) => Promise<boolean>) | undefined,
): Promise<string> {
  const found = course.lessons.find(({ id }) => id === lesson);
  if (lesson !== undefined && !found) throw await unknownLesson(course, lesson);
  const what = visible(found ? found.title : course.title);
  const done = (found ? exercisesIn(found) : exercisesOf(course)).filter(
    ({ id }) => progress.statusOf(id) !== 'none',
  );
  if (done.length === 0) return `There is no progress in ${what} yet.`;
  if (!ask) {
    throw new BadUsage('There is no terminal to ask on.', {
      next: 'To forget progress without being asked, add --yes.',
    });
  }
  const count = `${done.length} ${done.length === 1 ? 'exercise' : 'exercises'} of ${what}`;
  if (!(await ask(`Forget your progress in ${count}?`))) return 'Nothing was changed.';
  await progress.reset(lesson);
  if (!progress.kept) {
    throw new Failure('Your progress could not be changed.', {
      exitCode: ExitCode.failed,
      next: progress.warning,
    });
  }
  return `Forgotten: ${count}.`;
}

async function unknownLesson(course: Course, name: string): Promise<BadUsage> {
  const isExercise = exercisesOf(course).some(({ id }) => id === name);
  if (!isExercise) return unknownName(course, name);
  const lesson = name.split('/')[0];
  return new BadUsage('Progress is forgotten by lesson, not by exercise.', {
    next: `For the whole lesson: rediscover progress reset ${lesson}`,
  });
}

/** `{schema, course, solved, total, next, lessons: [{id, title, solved, total, exercises: [{id, status, ...}]}]}`. */
export function progressAsData(course: Course, progress: Progress) {
  const all = exercisesOf(course);
  return {
    schema: 'rediscover.progress/1',
    course: { id: course.id, title: course.title },
    solved: progress.solved(all),
    total: all.length,
    /** The exercise to go on with; null when all are solved. */
    next: progress.next ?? null,
    lessons: course.lessons.map((lesson) => {
      const exercises = exercisesIn(lesson);
      return {
        id: lesson.id,
        title: lesson.title,
        solved: progress.solved(exercises),
        total: exercises.length,
        exercises: exercises.map(({ id }) => {
          const { at, attempts, hints, language } = progress.markOf(id) ?? {};
          return { id, status: statusWord(progress.statusOf(id)), at, attempts, hints, language };
        }),
      };
    }),
  };
}

function asJson(course: Course, progress: Progress): string {
  return `${safeJson(progressAsData(course, progress))}\n`;
}

/** A bar for each lesson. */
export function drawProgress(course: Course, progress: Progress, output: Output): string {
  const theme = themeFor(output);
  const width = widthOf(output);
  const titleWidth = Math.max(0, ...course.lessons.map((lesson) => columns(visible(lesson.title))));
  const room = Math.min(24, width - titleWidth - 34);
  const lines = course.lessons.map((lesson) => {
    const exercises = exercisesIn(lesson);
    const solved = progress.solved(exercises);
    const rest = (['revealed', 'skipped'] as const).flatMap((status) => {
      const count = exercises.filter(({ id }) => progress.statusOf(id) === status).length;
      return count > 0 ? `, ${count} ${status}` : [];
    });
    const runs = [
      { text: `${pad(visible(lesson.title), titleWidth)}  `, style: theme.plain },
      ...(room >= 6 ? barRuns(solved, exercises.length, room, theme) : []),
      { text: `${solved} of ${exercises.length} solved`, style: theme.plain },
      { text: rest.join(''), style: theme.dim },
    ];
    return cutRuns(runs, width, theme);
  });
  const all = exercisesOf(course);
  const { next } = progress;
  const foot = next
    ? [`${progress.solved(all)} of ${all.length} solved. Go on with: \`rediscover learn ${visible(next)}\``]
    : [`All ${all.length} solved.`];
  return `${[...lines, '', ...foot.flatMap((line) => wrapText(line, width, theme))].join('\n')}\n`;
}

function barRuns(part: number, whole: number, width: number, theme: Theme) {
  // A first step shows, and only the last one fills the bar.
  const share = whole === 0 ? 0 : (part / whole) * width;
  const full = share > 0 && share < 1 ? 1 : Math.floor(share);
  return [
    { text: theme.sign.full.repeat(full), style: theme.good },
    { text: theme.sign.empty.repeat(width - full), style: theme.dim },
    { text: '  ', style: theme.plain },
  ];
}

function warn(progress: Progress): void {
  if (progress.warning) say(progress.warning);
}
