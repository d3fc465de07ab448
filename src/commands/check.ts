import type { Verdict } from '../checks/verdict.ts';
import { usePython } from '../code/python.ts';
import { type Answer, type Exercise, exercisesOf } from '../course/course.ts';
import { readAnswers } from '../engine/answers-file.ts';
import { type Judged, Runner } from '../engine/runner.ts';
import { BadUsage, ExitCode, Failure, NoRedis } from '../failure.ts';
import { say } from '../ui/say.ts';
import { exercisesNamed, openCourse } from './course-option.ts';
import type { CourseFlags, PythonFlags, RedisFlags, TrustFlags } from './flags.ts';
import { openAside, openRedis } from './redis-option.ts';
import { closeOnSignals } from './signals.ts';
import { isTrusted } from './trust.ts';

export interface CheckFlags extends RedisFlags, CourseFlags, TrustFlags, PythonFlags {
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
  const answers = await readAnswers(
    flags.answers,
    exercisesOf(course).map(({ id }) => id),
  );
  const exercises = flags.answered ? named.filter(({ id }) => answers.has(id)) : named;
  if (!exercises.some(({ id }) => answers.has(id))) {
    throw new BadUsage(`${flags.answers} answers none of the exercises asked for.`, {
      next: 'A section begins with a line like: == strings/session-ttl',
    });
  }
  usePython({ given: flags.python });
  const judgedByCode = exercises.some(({ id, module }) => module && answers.has(id));
  const trusted = !judgedByCode || (await isTrusted(course, flags.course, flags, 'scenarios'));
  const sandbox = await openRedis(flags);
  const runner = new Runner(sandbox, {
    limit: flags.timeout * 1000,
    trusted,
    reopen: (server) => (server ? openAside(flags, server) : openRedis(flags, { quiet: true })),
    aside: (server) => openAside(flags, server),
  });
  const release = closeOnSignals(() => runner.close());
  let results: Checked[];
  let gone: NoRedis | undefined;
  try {
    ({ results, gone } = await judgeAll(runner, exercises, answers));
  } finally {
    await runner.close();
    release();
  }
  if (gone) say(`${gone.message}\n${gone.next}`);
  const { reporters } = await import('../report/reporters.ts');
  process.stdout.write(reporters[flags.format]({ course, redis: sandbox.description, results }));
  return exitCodeOf(results);
}

interface Checked {
  exercise: Exercise;
  /** Absent where nothing was submitted, or it can't be solved here. */
  verdict?: Verdict;
  /** Why it can't be solved here: it counts for nothing. */
  skipped?: string;
}

/** One after the other. Once there is no Redis any more, that is the verdict on all the rest: nobody's failure. */
async function judgeAll(
  runner: Runner,
  exercises: Exercise[],
  answers: Map<string, Answer>,
): Promise<{ results: Checked[]; gone: NoRedis | undefined }> {
  if (exercises.some(({ id, worlds }) => worlds.length > 0 && answers.has(id))) runner.worlds.warm();
  const results: Checked[] = [];
  let gone: NoRedis | undefined;
  for (const exercise of exercises) {
    const answer = answers.get(exercise.id);
    if (answer === undefined) results.push(await unanswered(exercise, runner));
    else if (gone) results.push({ exercise, verdict: { status: 'error', checks: [], error: gone } });
    else {
      const judged: Judged = await runner.run(exercise, answer).catch((error) => {
        if (!(error instanceof NoRedis)) throw error;
        gone = error;
        return { verdict: { status: 'error', checks: [], error } as Verdict };
      });
      const { verdict, unsolvable } = judged;
      results.push(
        unsolvable === undefined
          ? { exercise, verdict }
          : { exercise, skipped: `it can't be done here: ${unsolvable}.` },
      );
    }
  }
  return { results, gone };
}

/** Nobody misses an answer to what can't be solved here. */
async function unanswered(exercise: Exercise, runner: Runner): Promise<Checked> {
  const why = await runner.whyNot(exercise).catch(() => undefined);
  return why === undefined ? { exercise } : { exercise, skipped: `it can't be done here: ${why}.` };
}

/** What could not be judged outweighs a wrong answer: it may be the reason for it. */
function exitCodeOf(results: Checked[]): ExitCode {
  const verdicts = results.filter(({ skipped }) => skipped === undefined).map(({ verdict }) => verdict);
  const unjudged = verdicts.flatMap((verdict) => (verdict?.status === 'error' ? [verdict] : []));
  const codes = unjudged.map(({ error }) => (error instanceof Failure ? error.exitCode : ExitCode.course));
  if (codes.length > 0) return codes.includes(ExitCode.course) ? ExitCode.course : codes[0]!;
  return verdicts.every((verdict) => verdict?.status === 'passed') ? ExitCode.passed : ExitCode.failed;
}
