import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileCourse } from '../course/compile-course.ts';
import { Failure } from '../failure.ts';

// No subcommand: the build runs it, as `node dist/course-compile.js lessons dist`.
const [from, to] = process.argv.slice(2);
try {
  const { course, outline, prose } = await compileCourse(from!);
  await writeFile(join(to!, 'course.json'), course);
  await writeFile(join(to!, 'outline.json'), outline);
  await writeFile(join(to!, 'prose.json'), prose);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
