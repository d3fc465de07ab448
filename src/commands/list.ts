import type { Course, Exercise, Lesson } from '../course/course.ts';
import { exercisesOf } from '../course/course.ts';
import { type Progress, type ProgressStatus, readProgress } from '../engine/progress.ts';
import { ExitCode } from '../failure.ts';
import { safeJson } from '../report/safe-json.ts';
import { columns, cut, pad } from '../ui/columns.ts';
import { say } from '../ui/say.ts';
import { bordersOf } from '../ui/table.ts';
import { type Output, type Style, type Theme, themeFor, widthOf } from '../ui/theme.ts';
import { visible } from '../ui/visible.ts';
import { cutRuns, wrapText } from '../ui/wrap.ts';
import { openOutline } from './course-option.ts';
import type { CourseFlags } from './flags.ts';

export interface ListFlags extends CourseFlags {
  json?: boolean;
}

/** `rediscover list`: lessons, exercises and progress. */
export async function runList(flags: ListFlags): Promise<ExitCode> {
  const course = await openOutline(flags);
  const progress = await readProgress(course);
  if (progress.warning) say(progress.warning);
  const text = flags.json
    ? `${safeJson(listAsData(course, progress))}\n`
    : await drawList(course, progress, process.stdout);
  process.stdout.write(text);
  return ExitCode.passed;
}

/**
 * `{schema, course, lessons: [{id, title, guide, minutes, commands, left, exercises: [{id, title, status, language}]}]}`;
 * `left` is `{exercises, minutes}`: how many are not solved, and how long they take, roughly. `language` is that of the
 * module that solved a code exercise, else absent.
 */
export function listAsData(course: Course, progress: Progress) {
  return {
    schema: 'rediscover.list/1',
    course: { id: course.id, title: course.title },
    lessons: course.lessons.map((lesson) => ({
      id: lesson.id,
      title: lesson.title,
      guide: lesson.guide,
      minutes: lesson.minutes,
      commands: lesson.commands,
      left: leftOf(lesson, progress),
      exercises: exercisesIn(lesson).map(({ id, title }) => {
        const { language } = progress.markOf(id) ?? {};
        return { id, title, status: statusWord(progress.statusOf(id)), ...(language && { language }) };
      }),
    })),
  };
}

/** "open" to others; the program itself asks for "none". */
export function statusWord(status: ProgressStatus | 'none'): ProgressStatus | 'open' {
  return status === 'none' ? 'open' : status;
}

/** As a table on a terminal that has room for one, else line by line. */
export async function drawList(course: Course, progress: Progress, output: Output): Promise<string> {
  const theme = themeFor(output);
  const width = widthOf(output);
  const drawn = output.isTTY ? await table(course, progress, width, theme) : undefined;
  const body = drawn ?? plain(course, progress, width, theme);
  return `${body}\n${foot(course, progress, width, theme)}\n`;
}

/** Undefined where it would not fit. */
async function table(
  course: Course,
  progress: Progress,
  width: number,
  theme: Theme,
): Promise<string | undefined> {
  const lessonWidth = widest(course.lessons.flatMap((lesson) => lessonCell(lesson, progress)));
  const idWidth = widest(exercisesOf(course).map(({ id }) => visible(id)));
  // Two columns have three borders, and a space at both sides of each; marks and titles are set off by spaces.
  const titleWidth = width - lessonWidth - idWidth - 11;
  if (titleWidth < 12) return undefined;
  const { default: Table } = await import('cli-table3');
  const drawn = new Table({
    head: ['Lesson', 'Exercise'].map((word) => theme.heading(word)),
    chars: bordersOf(theme),
    style: { head: [], border: [], compact: false },
  });
  // A row for each line: cells of many lines take it half a second, for it measures all of a cell for each of them.
  const lastRows = new Set<number>();
  for (const lesson of course.lessons) {
    const exercises = exercisesIn(lesson);
    const cell = lessonCell(lesson, progress);
    for (let at = 0; at < Math.max(cell.length, exercises.length); at++) {
      drawn.push([
        at === 0 ? theme.strong(cell[at]!) : theme.dim(cell[at] ?? ''),
        exerciseCell(exercises[at], idWidth, titleWidth, progress, theme),
      ]);
    }
    lastRows.add(drawn.length - 1);
  }
  // The rules between the rows of one lesson go: row N stands in line 2N + 3, its rule in the next.
  const lines = drawn.toString().split('\n');
  return lines.filter((_, at) => at < 3 || at % 2 === 1 || lastRows.has((at - 4) / 2)).join('\n');
}

function exerciseCell(
  exercise: Exercise | undefined,
  idWidth: number,
  titleWidth: number,
  progress: Progress,
  theme: Theme,
) {
  if (!exercise) return '';
  const id = pad(visible(exercise.id), idWidth);
  const title = cut(visible(exercise.title), titleWidth, theme.sign.more);
  return `${mark(progress.statusOf(exercise.id), theme)} ${id}  ${theme.dim(title)}`;
}

function plain(course: Course, progress: Progress, width: number, theme: Theme): string {
  const lines = course.lessons.flatMap((lesson) => {
    const [title, ...times] = lessonCell(lesson, progress);
    const head = [
      { text: title!, style: theme.strong },
      { text: `  ${times.join(', ')}`, style: theme.dim },
    ];
    const exercises = exercisesIn(lesson).map(({ id, title }) => {
      const text = cut(`${visible(id)}  ${visible(title)}`, width - 4, theme.sign.more);
      return `  ${mark(progress.statusOf(id), theme)} ${text}`;
    });
    return [cutRuns(head, width, theme), ...exercises, ''];
  });
  return lines.slice(0, -1).join('\n');
}

function foot(course: Course, progress: Progress, width: number, theme: Theme): string {
  const all = exercisesOf(course);
  const { sign } = theme;
  const legend = `${sign.passed} solved, ${sign.revealed} revealed, ${sign.skipped} skipped, ${sign.open} open`;
  const { next } = progress;
  const solved = progress.solved(all);
  const left = course.lessons.reduce((sum, lesson) => sum + leftOf(lesson, progress).minutes, 0);
  const rest = left === 0 ? '' : `; about ${timeText(left)} left`;
  const lines = [legend, `${solved} of ${all.length} solved${rest}.`];
  if (next) lines.push(`Go on with: \`rediscover learn ${visible(next)}\``);
  return lines.flatMap((line) => wrapText(line, width, theme, theme.dim)).join('\n');
}

function lessonCell(lesson: Lesson, progress: Progress): string[] {
  const exercises = exercisesIn(lesson);
  const left = leftOf(lesson, progress).minutes;
  const begun = left > 0 && left < lesson.minutes;
  return [
    visible(lesson.title),
    timeText(lesson.minutes),
    `${progress.solved(exercises)} of ${exercises.length} solved`,
    ...(begun ? [`${timeText(left)} left`] : []),
  ];
}

/** What is not solved yet, and its share of the lesson's minutes. */
function leftOf(lesson: Lesson, progress: Progress): { exercises: number; minutes: number } {
  const all = exercisesIn(lesson);
  const open = all.length - progress.solved(all);
  return { exercises: open, minutes: all.length === 0 ? 0 : Math.ceil((lesson.minutes * open) / all.length) };
}

/** `25 minutes`, `3 hours`, `2 hours 20 minutes`. */
function timeText(minutes: number): string {
  const words = (n: number, noun: string) => (n === 0 ? [] : [`${n} ${noun}${n === 1 ? '' : 's'}`]);
  return [...words(Math.floor(minutes / 60), 'hour'), ...words(minutes % 60, 'minute')].join(' ');
}

export function exercisesIn(lesson: Lesson) {
  return lesson.steps.flatMap((step) => step.exercise ?? []);
}

function mark(status: ProgressStatus | 'none', { sign, good, warn, dim }: Theme): string {
  const marks: Record<ProgressStatus | 'none', [string, Style]> = {
    solved: [sign.passed, good],
    revealed: [sign.revealed, warn],
    skipped: [sign.skipped, dim],
    none: [sign.open, dim],
  };
  const [drawn, style] = marks[status];
  return style(drawn);
}

function widest(texts: string[]): number {
  return Math.max(0, ...texts.map(columns));
}
