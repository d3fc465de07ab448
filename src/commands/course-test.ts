import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { usePython } from '../code/python.ts';
import type { Course, Exercise } from '../course/course.ts';
import { loadCourse } from '../course/load.ts';
import { exercisesNamed } from '../course/named.ts';
import { showProblem } from '../course/problem.ts';
import { testCourse } from '../engine/course-test.ts';
import type { CourseTestResult } from '../engine/finding.ts';
import { RunnerPool } from '../engine/runner-pool.ts';
import { Tested } from '../engine/tested.ts';
import { ExitCode, Failure } from '../failure.ts';
import { cacheFolder } from '../folders.ts';
import { safeJson } from '../report/safe-json.ts';
import { openSandbox } from '../sandbox/open.ts';
import { ProgressBar } from '../ui/progress-bar.ts';
import { themeFor } from '../ui/theme.ts';
import { visible } from '../ui/visible.ts';
import { buildId, courseFolder } from './course-option.ts';
import type { PythonFlags, RedisFlags, TrustFlags } from './flags.ts';
import { openAside, openRedis } from './redis-option.ts';
import { closeOnSignals } from './signals.ts';
import { isTrusted } from './trust.ts';

/** `rediscover course test [dir]`: 4 where the course is at fault. */
export async function runCourseTest(
  named: string | undefined,
  flags: RedisFlags & { json?: boolean; only?: string[]; fresh?: boolean } & TrustFlags & PythonFlags,
): Promise<ExitCode> {
  const dir = courseFolder(named);
  const { course, problems } = await loadCourse(dir);
  if (!course) {
    throw new Failure(problems.map(showProblem).join('\n'), {
      exitCode: ExitCode.course,
      next: `Mend these first; rediscover course lint ${dir} shows them too.`,
    });
  }
  const asked = flags.only ? only(course, await exercisesNamed(course, flags.only)) : course;
  usePython({ given: flags.python });
  const trusted = await isTrusted(course, dir, flags, 'all');
  const first = await openRedis(flags);
  // A server of the user's has one database for us; private ones cost nothing.
  const more = first.kind === 'private' ? Math.min(availableParallelism(), 4) - 1 : 0;
  const sandboxes = [first, ...(await Promise.all(Array.from({ length: more }, () => openSandbox(flags))))];
  const pool = new RunnerPool(sandboxes, {
    reopen: (server) => (server ? openAside(flags, server) : openSandbox(flags)),
    aside: (server) => openAside(flags, server),
    keepsCode: true,
    trusted,
  });
  const release = closeOnSignals(() => pool.close());
  const before = new Tested(join(cacheFolder(), 'tested'), await buildId());
  const bar = new ProgressBar();
  const started = performance.now();
  try {
    const result = await testCourse(
      asked,
      pool,
      (done, all) => bar.draw(done, all),
      flags.fresh ? undefined : before,
    );
    bar.end();
    if (flags.json) process.stdout.write(`${safeJson(asJson(course.id, first.description, result))}\n`);
    else process.stdout.write(asText(result, performance.now() - started));
    return result.findings.length > 0 ? ExitCode.course : ExitCode.passed;
  } finally {
    bar.end();
    await Promise.all([pool.close(), before.sweep()]);
    release();
  }
}

/** A course of nothing but the steps of these exercises. */
function only(course: Course, exercises: Exercise[]): Course {
  const lessons = course.lessons.map((lesson) => ({
    ...lesson,
    steps: lesson.steps.filter(({ exercise }) => exercise && exercises.includes(exercise)),
  }));
  return { ...course, lessons: lessons.filter(({ steps }) => steps.length > 0) };
}

function asJson(course: string, redis: string, { findings, counts, skipped, unsolvable }: CourseTestResult) {
  return {
    schema: 'rediscover.course-test/1',
    course,
    redis,
    clean: findings.length === 0,
    counts,
    skipped,
    unsolvable,
    findings,
  };
}

function asText({ findings, counts, skipped, unsolvable }: CourseTestResult, milliseconds: number): string {
  const theme = themeFor(process.stdout);
  const lines = findings.map(({ at, subject, message, rule }) =>
    visible(`${at.file}:${at.line}:${at.column}: ${subject}: ${message} [${rule}]`),
  );
  const { exercises, answers, rejects, mutants, worlds, snippets, modules, kept, demos } = counts;
  lines.push(
    `${exercises} exercises: ${answers} answers, ${snippets} snippets, ${modules} modules, ${rejects} near misses, ` +
      `${mutants} mutants, ${worlds} worlds and ${demos} demos tried in ${(milliseconds / 1000).toFixed(1)} s.`,
  );
  if (kept > 0)
    lines.push(
      `${kept} code ${kept === 1 ? 'exercise' : 'exercises'} as tested before; --fresh tests all anew.`,
    );
  for (const [reason, count] of Object.entries(skipped))
    lines.push(theme.warn(`${count} ${count === 1 ? 'piece' : 'pieces'} of code skipped: ${reason}.`));
  for (const [reason, count] of Object.entries(unsolvable))
    lines.push(
      theme.warn(`${count} ${count === 1 ? 'exercise' : 'exercises'} not solvable here: ${reason}.`),
    );
  const wrong = findings.length;
  lines.push(
    wrong === 0
      ? theme.good(`${theme.sign.passed} The course is clean.`)
      : theme.bad(`${theme.sign.failed} ${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.`),
  );
  return `${lines.join('\n')}\n`;
}
