import { exerciseNamed } from '../course/course.ts';
import { unknownName } from '../course/named.ts';
import { BadUsage, ExitCode } from '../failure.ts';
import { openOutline } from './course-option.ts';
import type { CourseFlags, LearnFlags } from './flags.ts';
import { openRedis } from './redis-option.ts';

/** `rediscover learn [lesson[/exercise]]`: needs a terminal. */
export async function runLearn(name: string | undefined, flags: LearnFlags): Promise<ExitCode> {
  if (name !== undefined && name !== 'choose') await mustExist(name, flags);
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new BadUsage('Lessons need a terminal.', {
      next: 'Without one, `rediscover check --answers FILE` judges answers and `rediscover shell` runs commands.',
    });
  }
  // The server starts while all that lessons need is loaded.
  const sandbox = openRedis(flags);
  sandbox.catch(() => {});
  const { walkLessons } = await import('./lessons.ts');
  await walkLessons(name, flags, sandbox);
  return ExitCode.passed;
}

/** A word that is no command either lands here, as `learn` is the default. */
async function mustExist(name: string, flags: CourseFlags): Promise<void> {
  const course = await openOutline(flags);
  if (exerciseNamed(course, name)) return;
  const commands = ['list', 'progress', 'shell', 'check', 'course', 'doctor', 'completion', 'help'];
  if (commands.includes(name)) throw (await import('./misuse.ts')).notFirst(name);
  throw await unknownName(course, name, commands);
}
