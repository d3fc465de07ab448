import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Course, type Exercise, exercisesOf } from '../../src/course/course.ts';
import { loadCourse } from '../../src/course/load.ts';

/** A course of one lesson with these exercise blocks, read the way any course is. */
export async function courseOf(...blocks: string[]): Promise<Course> {
  const folder = await mkdtemp(join(tmpdir(), 'rediscover-course-'));
  const steps = blocks.map(
    (block, index) => `## Step ${index}\n\n**Your turn.** Do it.\n\n\`\`\`yaml exercise\n${block}\n\`\`\`\n`,
  );
  await writeFile(
    join(folder, 'course.yaml'),
    'id: trial\ntitle: Trial\nfloor: "6.2"\nlessons: [one]\nexercises: []\n',
  );
  await writeFile(
    join(folder, 'one.md'),
    `---\ntitle: One\nminutes: 1\ncommands: [SET]\n---\n\n${steps.join('\n')}`,
  );
  const { course, problems } = await loadCourse(folder);
  await rm(folder, { recursive: true });
  if (!course) throw new Error(problems.map(({ at, message }) => `${at.line}: ${message}`).join('\n'));
  return course;
}

export async function exerciseOf(block: string): Promise<Exercise> {
  return exercisesOf(await courseOf(block))[0]!;
}
