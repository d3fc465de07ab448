import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Course } from '../course/course.ts';
import type { Shelf } from '../course/kept-course.ts';
import { BadUsage, ExitCode, Failure } from '../failure.ts';
import { cacheFolder } from '../folders.ts';
import { say } from '../ui/say.ts';
import type { CourseFlags } from './flags.ts';

/** The course that the flags name. The built-in one was read and checked by the build. */
export function openCourse(flags: CourseFlags): Promise<Course> {
  return flags.course === undefined ? builtIn('course.json') : courseIn(flags.course);
}

/** The same, for who needs names and titles alone: the built-in course comes without what it teaches. */
export function openOutline(flags: CourseFlags): Promise<Course> {
  return flags.course === undefined ? builtIn('outline.json') : courseIn(flags.course);
}

async function builtIn(file: string): Promise<Course> {
  return JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8')) as Course;
}

/** Throws BadUsage where there is none, and a Failure with every mistake, exit code 4. */
async function courseIn(folder: string): Promise<Course> {
  mustBeThere(folder);
  const { loadKeptCourse } = await import('../course/kept-course.ts');
  const { course, problems } = await loadKeptCourse(folder, await shelf(), async (...course) =>
    (await import('../course/load.ts')).loadCourse(...course),
  );
  if (course) return course;
  const { showProblem } = await import('../course/problem.ts');
  throw new Failure(
    problems
      .filter((problem) => problem.severity === 'error')
      .map(showProblem)
      .join('\n'),
    {
      exitCode: ExitCode.course,
      next: `See all of it with: rediscover course lint ${folder}`,
    },
  );
}

/** The build knows itself by what it consists of: a version may be built many times. */
export function buildId(): Promise<string> {
  return readFile(new URL('build-id', import.meta.url), 'utf8');
}

async function shelf(): Promise<Shelf> {
  return { folder: join(cacheFolder(), 'courses'), build: await buildId() };
}

/** The folder of the course to work on: the one named, else the current one where it holds a course, else the built-in one. */
export function courseFolder(named: string | undefined): string {
  if (named !== undefined) {
    mustBeThere(named);
    return named;
  }
  if (existsSync('course.yaml')) return '.';
  say('There is no course.yaml in this folder: this is about the built-in course.');
  return fileURLToPath(new URL('../lessons', import.meta.url));
}

/** Throws BadUsage where there is no such folder: a mistake on the command line, not in a course. */
function mustBeThere(folder: string): void {
  if (!existsSync(folder)) throw new BadUsage(`There is no folder ${JSON.stringify(folder)}.`);
}
