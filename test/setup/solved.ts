import { join } from 'node:path';
import { loadCourse } from '../../src/course/load.ts';
import { openProgress } from '../../src/engine/progress.ts';

export const TINY = join(import.meta.dirname, '..', '..', 'fixtures', 'courses', 'tiny');

/** Lets the one whose state is in `home` have solved, skipped and revealed one exercise each of the tiny course. */
export async function oneOfEach(home: string): Promise<void> {
  const { course } = await loadCourse(TINY);
  const progress = await openProgress(course!, { file: join(home, 'rediscover', 'progress.json') });
  await progress.solve('first/visit');
  await progress.skip('first/code');
  await progress.reveal('first/podium');
}
