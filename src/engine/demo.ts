import type { Demo, Line, Step } from '../course/course.ts';
import type { Reply } from '../redis/reply.ts';
import { splitArgs } from '../redis/split.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { CourseFault } from './course-fault.ts';
import { fresh, give } from './given.ts';
import { inTime, LIMIT, Unfinished } from './unfinished.ts';

/** Puts the sandbox into the state that a step's demos start from: that of its exercise, or empty. */
export async function stageDemos(sandbox: Sandbox, step: Step): Promise<void> {
  await Promise.all([give(sandbox, step.exercise?.given ?? []), fresh(sandbox)]);
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

export interface DemoFault {
  line: Line;
  /** "answers an error: WRONGTYPE ...", "did not end within 5 s". */
  message: string;
}

/**
 * Runs the demos of a step and tells the lines that answer an error, up to one that does not come to its end: after that
 * the sandbox is not `fit` until it is renewed. Throws CourseFault where the given state cannot be built, Unfinished where
 * that does not end.
 */
export async function tryDemos(sandbox: Sandbox, step: Step): Promise<{ faults: DemoFault[]; fit: boolean }> {
  const faults: DemoFault[] = [];
  await inTime(LIMIT, stageDemos(sandbox, step));
  const lines = step.blocks.flatMap((block) => (block.kind === 'demo' ? block.lines : []));
  for (const line of lines) {
    try {
      const one = runDemo(sandbox, { kind: 'demo', lines: [line], at: line.at });
      const { value } = await inTime(LIMIT, one.next());
      if (value?.reply.type === 'error')
        faults.push({ line, message: `answers an error: ${value.reply.bytes}` });
      // QUIT answers before it ends the connection.
      if (line === lines.at(-1)) await inTime(LIMIT, sandbox.learner.send([Buffer.from('PING')]));
    } catch (error) {
      if (!(error instanceof Unfinished)) throw error;
      faults.push({ line, message: error.message });
      return { faults, fit: false };
    }
  }
  return { faults, fit: true };
}
