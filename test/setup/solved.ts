import { join } from 'node:path';
import { exercisesOf } from '../../src/course/course.ts';
import { loadCourse } from '../../src/course/load.ts';
import { openProgress, readProgress } from '../../src/engine/progress.ts';

export const TINY = join(import.meta.dirname, '..', '..', 'fixtures', 'courses', 'tiny');

const progressFile = (home: string) => join(home, 'rediscover', 'progress.json');

/** Lets the one whose state is in `home` have solved, skipped and revealed one exercise each of the tiny course. */
export async function oneOfEach(home: string): Promise<void> {
  const { course } = await loadCourse(TINY);
  const progress = await openProgress(course!, { file: progressFile(home) });
  await progress.solve('first/visit');
  await progress.skip('first/code');
  await progress.reveal('first/podium');
}

/** How many exercises of the tiny course are solved there. */
export async function solvedIn(home: string): Promise<number> {
  const { course } = await loadCourse(TINY);
  const progress = await readProgress(course!, { file: progressFile(home) });
  return progress.solved(exercisesOf(course!));
}
