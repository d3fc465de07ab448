import { join } from 'node:path';
import type { Course, Problem } from '../course/course.ts';
import { fixCourse } from '../course/fix.ts';
import { lintCourse } from '../course/lint.ts';
import type { Commands } from '../course/lint-commands.ts';
import { error, showProblem } from '../course/problem.ts';
import { ExitCode } from '../failure.ts';
import { bundled, type CommandArgument, type CommandDocs } from '../redis/command-docs.ts';
import { splitArgs } from '../redis/split.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { visible } from '../ui/visible.ts';
import type { RedisFlags } from './flags.ts';
import { closeOnSignals } from './signals.ts';
import { courseFolder } from './which-course.ts';

export interface LintFlags extends RedisFlags {
  fix?: boolean;
  static?: boolean;
  json?: boolean;
}

/** `rediscover course lint [dir]`: 4 where anything is an error; warnings alone are 0. */
export async function runCourseLint(named: string | undefined, flags: LintFlags): Promise<ExitCode> {
  const dir = courseFolder(named);
  const fixed = flags.fix ? await fixCourse(dir) : [];
  const knowledge = { commands: commandsOf(await bundled()), split: splitArgs };
  const { course, problems } = await lintCourse(dir, knowledge);
  // Demos are run once everything else is right: a broken lesson says little by its replies.
  if (!flags.static && course && !problems.some(({ severity }) => severity === 'error') && hasDemos(course)) {
    problems.push(...(await demoProblems(course, flags)));
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  process.stdout.write(flags.json ? asJson(problems, fixed) : asText(dir, problems, fixed, course));
  return errors > 0 ? ExitCode.course : ExitCode.passed;
}

/** The command documentation as lint asks for it. */
export function commandsOf(docs: CommandDocs): Commands {
  return {
    lookup(name) {
      const found = docs.get(name);
      return found && { since: found.since, arity: found.arity, options: [...laterOptions(found.arguments)] };
    },
    names: () => docs.names,
  };
}

/** A choice (`NX` or `XX`) is as old as what it belongs to, where nothing else is said. */
function* laterOptions(
  args: CommandArgument[] = [],
  above = '',
): Generator<{ token: string; since: string }> {
  for (const { token, since = above, arguments: inner } of args) {
    if (token && since) yield { token, since };
    yield* laterOptions(inner, since);
  }
}

async function demoProblems(course: Course, flags: LintFlags): Promise<Problem[]> {
  const { whichRedis } = await import('./which-redis.ts');
  const sandbox = await whichRedis(flags);
  const close = (): Promise<void> => sandbox.close();
  const release = closeOnSignals(close);
  try {
    return await runDemos(course, sandbox);
  } finally {
    release();
    await close();
  }
}

/** Every demo line that answers an error, found by running them as a learner sees them. */
export async function runDemos(course: Course, sandbox: Sandbox): Promise<Problem[]> {
  const { runDemo, stageDemos } = await import('../engine/demo.ts');
  const problems: Problem[] = [];
  for (const step of course.lessons.flatMap(({ steps }) => steps)) {
    const demos = step.blocks.filter((block) => block.kind === 'demo');
    if (demos.length === 0) continue;
    await stageDemos(sandbox, step);
    for (const demo of demos) {
      for await (const { line, reply } of runDemo(sandbox, demo)) {
        if (reply.type === 'error')
          problems.push(error(line.at, `This demo line answers an error: ${reply.bytes}.`));
      }
    }
  }
  return problems;
}

function hasDemos(course: Course): boolean {
  return course.lessons.some(({ steps }) =>
    steps.some(({ blocks }) => blocks.some(({ kind }) => kind === 'demo')),
  );
}

function asJson(problems: Problem[], fixed: string[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const report = {
    schema: 'rediscover.course-lint/1',
    clean: problems.length === 0,
    errors,
    warnings: problems.length - errors,
    fixed,
    problems: problems.map(({ at, severity, message, hint }) => ({
      ...at,
      severity,
      message,
      hint: hint ?? null,
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function asText(dir: string, problems: Problem[], fixed: string[], course: Course | undefined): string {
  const lines = fixed.map((id) => `course.yaml now lists ${id}.`);
  for (const problem of problems) {
    const file = join(dir, problem.at.file);
    lines.push(showProblem({ ...problem, at: { ...problem.at, file } }));
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  if (problems.length > 0) {
    lines.push(`${count(errors, 'error')}, ${count(warnings, 'warning')}.`);
  } else if (course) {
    const exercises = course.lessons.flatMap(({ steps }) => steps.filter((step) => step.exercise)).length;
    lines.push(`No mistakes in ${count(course.lessons.length, 'lesson')}, ${count(exercises, 'exercise')}.`);
  }
  return lines.map((line) => `${visible(line)}\n`).join('');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
