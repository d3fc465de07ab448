import type { Course, Exercise, Lesson } from '../course/course.ts';
import type { Progress } from '../engine/progress.ts';
import { columns, pad } from '../ui/columns.ts';
import { visible } from '../ui/visible.ts';
import { dotCommands } from './dot-commands.ts';
import type { Screen } from './screen.ts';

/** `.help`: the dot-commands, and the keys that matter. */
export function showHelp(screen: Screen): void {
  const entries = dotCommands.map(({ name, usage, summary }) => [usage ? `${name} ${usage}` : name, summary]);
  showPairs(
    screen,
    entries.map(([head = '', summary = '']) => ({
      head: screen.theme.command(pad(head, 26)),
      tail: summary,
      columns: 29 + columns(summary),
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
  const widest = Math.max(0, ...exercises.map(({ title }) => columns(visible(title))));
  showPairs(
    screen,
    exercises.map((exercise) => {
      const style = exercise === here.exercise ? theme.strong : theme.plain;
      const title = style(pad(visible(exercise.title), widest));
      const id = visible(exercise.id);
      return {
        head: `${marks[progress.statusOf(exercise.id)]} ${title}`,
        tail: ` ${theme.dim(id)}`,
        columns: 6 + widest + columns(id),
      };
    }),
  );
  const others = course.lessons.filter((lesson) => lesson !== here.lesson);
  if (others.length === 0) return;
  screen.note(`Other lessons: ${others.map(({ id }) => id).join(', ')}. Go there with .go NAME.`);
}

/** Two columns; below each other where the window is too narrow for both. */
function showPairs(screen: Screen, pairs: { head: string; tail: string; columns: number }[]): void {
  const narrow = pairs.some((pair) => pair.columns > screen.width);
  for (const { head, tail } of pairs) screen.line(`  ${head}${narrow ? '\n     ' : ' '}${tail}`);
}
