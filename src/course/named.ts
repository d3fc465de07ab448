import { BadUsage } from '../failure.ts';
import { type Course, exercisesOf } from './course.ts';
import { keyMatch } from './pattern.ts';

/**
 * The exercises that a name means: one exercise, all of a lesson, or all that a pattern fits, as `*ttl*`. Throws BadUsage
 * with the nearest name where it means none.
 */
export async function exercisesNamed(course: Course, names: string[]) {
  const all = exercisesOf(course);
  if (names.length === 0) return all;
  const found = new Set<string>();
  for (const name of names) {
    const fits = /[*?[]/.test(name)
      ? (id: string) => keyMatch(Buffer.from(name), Buffer.from(id))
      : (id: string) => id === name || id.startsWith(`${name}/`);
    const wanted = all.filter(({ id }) => fits(id));
    if (wanted.length === 0) throw await unknownName(course, name);
    for (const { id } of wanted) found.add(id);
  }
  return all.filter(({ id }) => found.has(id));
}

export async function unknownName(course: Course, name: string, others: string[] = []): Promise<BadUsage> {
  const { didYouMean } = await import('./suggest.ts');
  const names = [
    ...course.lessons.map((lesson) => lesson.id),
    ...exercisesOf(course).map(({ id }) => id),
    ...others,
  ];
  const near = didYouMean(name, names);
  return new BadUsage(`There is no lesson or exercise ${JSON.stringify(name)}${near ? `; ${near}` : '.'}`, {
    next: 'See them all with: rediscover list',
  });
}
