import type { Course, Exercise, Lesson } from '../course/course.ts';
import type { Progress } from '../engine/progress.ts';
import { columns, pad } from '../ui/columns.ts';
import { visible } from '../ui/visible.ts';
import { type Run, wrapRuns } from '../ui/wrap.ts';
import { dotCommands } from './dot-commands.ts';
import type { Screen } from './screen.ts';

/** `.help`: the dot-commands, and the keys that matter. */
export function showHelp(screen: Screen): void {
  const { command, plain } = screen.theme;
  showPairs(
    screen,
    dotCommands.map(({ name, usage, summary }) => ({
      head: { text: usage ? `${name} ${usage}` : name, style: command },
      tail: { text: summary, style: plain },
    })),
  );
  screen.note(
    'Anything else goes to Redis. Tab completes, Ctrl-R finds earlier lines, Ctrl-C stops, Ctrl-D leaves.',
  );
}

/** `.list`: the exercises of a lesson and how they stand, and the other lessons. */
export function showList(
  screen: Screen,
  course: Course,
  progress: Progress,
  here: { lesson: Lesson | undefined; exercise: Exercise | undefined },
): void {
  const { theme } = screen;
  const { sign } = theme;
  const marks = {
    solved: theme.good(sign.passed),
    skipped: sign.skipped,
    revealed: theme.warn(sign.revealed),
    none: ' ',
  };
  const exercises = (here.lesson?.steps ?? []).flatMap(({ exercise }) => exercise ?? []);
  showPairs(
    screen,
    exercises.map(({ id, title }) => ({
      mark: `${marks[progress.statusOf(id)]} `,
      head: { text: visible(title), style: id === here.exercise?.id ? theme.strong : theme.plain },
      tail: { text: visible(id), style: theme.dim },
    })),
  );
  const others = course.lessons.filter((lesson) => lesson !== here.lesson);
  if (others.length === 0) return;
  screen.note(`Other lessons: ${others.map(({ id }) => id).join(', ')}. Go there with .go NAME.`);
}

interface Pair {
  mark?: string;
  head: Run;
  tail: Run;
}

/** Two columns; below each other where the window is too narrow for both. */
function showPairs(screen: Screen, pairs: Pair[]): void {
  const widest = Math.max(0, ...pairs.map(({ head }) => columns(head.text)));
  const narrow = pairs.some(({ tail }) => 6 + widest + columns(tail.text) > screen.width);
  for (const { mark = '', head, tail } of pairs) {
    if (narrow) {
      screen.line(`  ${mark}${head.style(head.text)}`);
      for (const line of wrapRuns([tail], screen.width - 4)) screen.line(`    ${line}`);
    } else screen.line(`  ${mark}${head.style(pad(head.text, widest))}  ${tail.style(tail.text)}`);
  }
}
