import type { Course, Exercise, Lesson } from '../../src/course/course.ts';

const at = { file: 'x.md', line: 1, column: 1 };

/** A course of these exercises, for tests of what only needs their names: `{ strings: ['a', 'b'] }`. */
export function smallCourse(lessons: Record<string, string[]>, retired: Course['retired'] = {}): Course {
  return {
    id: 'small',
    title: 'A small course',
    floor: '6.2',
    retired,
    lessons: Object.entries(lessons).map(([id, names]): Lesson => {
      const exercises = names.map(
        (name) => ({ id: `${id}/${name}`, title: `About ${name}`, at }) as Exercise,
      );
      return {
        id,
        title: id.charAt(0).toUpperCase() + id.slice(1),
        guide: 'Basics',
        minutes: 12,
        commands: ['SET'],
        at,
        steps: [
          { title: 'Words', blocks: [], at },
          ...exercises.map((exercise) => ({ title: exercise.title, blocks: [], exercise, at })),
        ],
      };
    }),
  };
}
