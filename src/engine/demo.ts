import type { Demo, Line, Step } from '../course/course.ts';
import type { Reply } from '../redis/reply.ts';
import { splitArgs } from '../redis/split.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { give } from './attempt.ts';
import { CourseFault } from './course-fault.ts';

/** Puts the sandbox into the state that a step's demos start from: that of its exercise, or empty. */
export async function stageDemos(sandbox: Sandbox, step: Step): Promise<void> {
  await give(sandbox, step.exercise?.given ?? []);
}

/** Runs a demo's commands as the learner, yielding each with its reply as it comes. */
export async function* runDemo(sandbox: Sandbox, demo: Demo): AsyncGenerator<{ line: Line; reply: Reply }> {
  for (const line of demo.lines) {
    const args = splitArgs(line.text);
    if (args === null)
      throw new CourseFault(`the quotes in ${JSON.stringify(line.text)} do not balance`, line.at);
    if (args.length > 0) yield { line, reply: await sandbox.learner.send(args) };
  }
}
