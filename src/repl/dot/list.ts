import { visible } from '../../ui/visible.ts';
import type { DotCommand } from './command.ts';

/** The exercises of this lesson and how they stand, and the other lessons. */
export const list: DotCommand = {
  name: '.list',
  summary: 'this lesson, and what is solved',
  run({ course, lesson, practice, progress, screen }) {
    const { theme } = screen;
    const { sign } = theme;
    const marks = {
      solved: theme.good(sign.passed),
      skipped: sign.skipped,
      revealed: theme.warn(sign.revealed),
      none: ' ',
    };
    const exercises = (lesson?.steps ?? []).flatMap(({ exercise }) => exercise ?? []);
    screen.pairs(
      exercises.map(({ id, title }) => ({
        mark: `${marks[progress.statusOf(id)]} `,
        head: { text: visible(title), style: id === practice?.exercise.id ? theme.strong : theme.plain },
        tail: { text: visible(id), style: theme.dim },
      })),
    );
    const others = course.lessons.filter((one) => one !== lesson);
    if (others.length === 0) return;
    screen.note(`Other lessons: ${others.map(({ id }) => id).join(', ')}. Go there with .go NAME.`);
  },
};
