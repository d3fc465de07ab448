import { exerciseNamed, exercisesOf } from '../../course/course.ts';
import { didYouMean } from '../../course/suggest.ts';
import type { DotCommand } from './command.ts';

export const go: DotCommand = {
  name: '.go',
  usage: 'lesson[/exercise]',
  summary: 'go to another one',
  // So many exercises are for who has named a lesson.
  words: (course, typed) => (typed.includes('/') ? exercisesOf(course) : course.lessons).map(({ id }) => id),
  run({ course, screen }, name) {
    if (name === '') {
      screen.note('Where to? Name a lesson or an exercise behind it; .list shows them.');
      return;
    }
    const id = exerciseNamed(course, name);
    if (id) return { to: 'exercise', id };
    const near = didYouMean(
      name,
      [...course.lessons, ...exercisesOf(course)].map(({ id }) => id),
    );
    screen.note(`There is no lesson or exercise "${name}"${near ? `; ${near}` : '. .list shows them.'}`);
  },
};
