import { join } from 'node:path';
import type { Course, Problem, Step } from '../course/course.ts';
import { fixCourse } from '../course/fix.ts';
import { lintCourse } from '../course/lint.ts';
import type { Commands } from '../course/lint-commands.ts';
import { error, showProblem } from '../course/problem.ts';
import { ExitCode } from '../failure.ts';
import { bundled, type CommandArgument, type CommandDocs } from '../redis/command-docs.ts';
import { groupOf, hasCursor, isRandom, mayBlock } from '../redis/command-facts.ts';
import { splitArgs } from '../redis/split.ts';
import { visible } from '../ui/visible.ts';
import { courseFolder } from './course-option.ts';
import type { RedisFlags } from './flags.ts';
import { closeOnSignals } from './signals.ts';

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
  const demos = flags.static || !course || problems.some(isError) ? [] : stepsWithDemos(course);
  if (demos.length > 0) problems.push(...(await demoProblems(demos, flags)));
  const errors = problems.filter(isError).length;
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
    groupOf,
    mayBlock,
    isRandom,
    hasCursor,
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

/** Every demo line that answers an error or never ends, found by running them as a learner sees them. */
async function demoProblems(steps: Step[], flags: LintFlags): Promise<Problem[]> {
  const [{ openAside, openRedis }, { Runner }, { CourseFault }] = await Promise.all([
    import('./redis-option.ts'),
    import('../engine/runner.ts'),
    import('../engine/course-fault.ts'),
  ]);
  const runner = new Runner(await openRedis(flags), {
    reopen: (server) => (server ? openAside(flags, server) : openRedis(flags, { quiet: true })),
    aside: (server) => openAside(flags, server),
  });
  const release = closeOnSignals(() => runner.close());
  const problems: Problem[] = [];
  try {
    for (const step of steps) {
      try {
        if (step.exercise && (await runner.whyNot(step.exercise)) !== undefined) continue;
        for (const { line, message } of await runner.demos(step))
          problems.push(error(line.at, `This demo line ${message.replace(/\.$/, '')}.`));
      } catch (fault) {
        if (!(fault instanceof CourseFault)) throw fault;
        problems.push(error(fault.at, capital(`${fault.reason}.`)));
      }
    }
  } finally {
    await runner.close();
    release();
  }
  return problems;
}

function stepsWithDemos(course: Course): Step[] {
  const steps = course.lessons.flatMap((lesson) => lesson.steps);
  return steps.filter(({ blocks }) => blocks.some(({ kind }) => kind === 'demo'));
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

function asJson(problems: Problem[], fixed: string[]): string {
  const errors = problems.filter(isError).length;
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
  const errors = problems.filter(isError).length;
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
