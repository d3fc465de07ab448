import { exercisesOf } from '../course/course.ts';
import { readAnswers } from '../engine/answers.ts';
import { type Checked, SelfCheck } from '../engine/self-check.ts';
import { BadUsage, ExitCode, Failure } from '../failure.ts';
import { exercisesNamed, openCourse } from './course-option.ts';
import type { CourseFlags, RedisFlags } from './flags.ts';
import { openRedis } from './redis-option.ts';
import { closeOnSignals } from './signals.ts';

export interface CheckFlags extends RedisFlags, CourseFlags {
  answers: string;
  format: 'human' | 'json';
  /** Judges only what the file answers; without it, an exercise without an answer has not passed. */
  answered?: boolean;
  /** Seconds that one answer may take. */
  timeout: number;
}

/** `rediscover check --answers FILE [ids...]`: judges an answers file without a terminal. */
export async function runCheck(names: string[], flags: CheckFlags): Promise<ExitCode> {
  const course = await openCourse(flags);
  const named = await exercisesNamed(course, names);
  const submissions = await readAnswers(
    flags.answers,
    exercisesOf(course).map(({ id }) => id),
  );
  const exercises = flags.answered ? named.filter(({ id }) => submissions.has(id)) : named;
  if (!exercises.some(({ id }) => submissions.has(id))) {
    throw new BadUsage(`${flags.answers} answers none of the exercises asked for.`, {
      next: 'A section begins with a line like: == strings/session-ttl',
    });
  }
  const sandbox = await openRedis(flags);
  const check = new SelfCheck(sandbox, {
    limit: flags.timeout * 1000,
    reopen: () => openRedis(flags, { quiet: true }),
  });
  const release = closeOnSignals(() => check.close());
  const results: Checked[] = [];
  try {
    for (const exercise of exercises) results.push(await check.judge(exercise, submissions.get(exercise.id)));
  } finally {
    await check.close();
    release();
  }
  const { reporters } = await import('../report/reporters.ts');
  process.stdout.write(reporters[flags.format]({ course, redis: sandbox.description, results }));
  return exitCodeOf(results);
}

/** What could not be judged outweighs a wrong answer: it may be the reason for it. */
function exitCodeOf(results: Checked[]): ExitCode {
  const verdicts = results.map(({ verdict }) => verdict);
  const unjudged = verdicts.flatMap((verdict) => (verdict?.status === 'error' ? [verdict] : []));
  const codes = unjudged.map(({ error }) => (error instanceof Failure ? error.exitCode : ExitCode.course));
  if (codes.length > 0) return codes.includes(ExitCode.course) ? ExitCode.course : codes[0]!;
  return verdicts.every((verdict) => verdict?.status === 'passed') ? ExitCode.passed : ExitCode.failed;
}
