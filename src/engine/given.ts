import type { Line } from '../course/course.ts';
import { unfitForGiven } from '../course/given-command.ts';
import type { Snapshot } from '../redis/snapshot.ts';
import { splitArgs } from '../redis/split.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { CourseFault } from './course-fault.ts';
import { inTime, LIMIT, Unfinished } from './unfinished.ts';

/** Takes back what earlier goes left on the learner's connection: WATCH, MULTI, SELECT, SUBSCRIBE, HELLO 3. */
export async function fresh(sandbox: Sandbox): Promise<void> {
  const { learner } = sandbox;
  const used = learner.inTransaction || learner.subscribed || learner.monitoring;
  if (used || learner.db !== sandbox.db || learner.protocol !== 2) await sandbox.reconnect();
  else await learner.send([Buffer.from('UNWATCH')]);
}

/**
 * Empties the sandbox, runs the given commands on it as the engine, and looks at what there is then.
 * All in one burst where nobody else can write in between. Throws CourseFault, with the cause Unfinished where a command
 * does not come to its end: then the server may be busy for ever.
 */
export async function give(
  sandbox: Sandbox,
  given: Line[],
  options: { dumps?: boolean } = {},
): Promise<Snapshot> {
  const commands = given.map(commandOf);
  let answered = 0;
  const fill = async () => {
    const cleared = sandbox.clear();
    if (sandbox.kind === 'named') await cleared;
    const filled = Promise.all(
      commands.map(async (command) => {
        const reply = await engine.send(command);
        answered++;
        return reply;
      }),
    );
    if (sandbox.kind === 'named') await filled;
    return Promise.all([engine.snapshot(options), filled, cleared]);
  };
  const { engine } = sandbox;
  const [snapshot, replies] = await inTime(LIMIT, fill()).catch((cause) => {
    if (!(cause instanceof Unfinished) || cause.cause) throw cause.cause ?? cause;
    const { text, at } = given[Math.min(answered, given.length - 1)] ?? { text: '', at: undefined };
    if (!at) throw cause;
    throw new CourseFault(`the given command ${JSON.stringify(text)} ${cause.message}`, at, { cause });
  });
  replies.forEach((reply, index) => {
    if (reply.type !== 'error') return;
    const { text, at } = given[index]!;
    throw new CourseFault(`the given command ${JSON.stringify(text)} fails: ${reply.bytes.toString()}`, at);
  });
  return snapshot;
}

/** Throws CourseFault where the line is none that builds a given state. */
function commandOf({ text, at }: Line): Buffer[] {
  const args = splitArgs(text);
  const because = args ? unfitForGiven(args.map(String)) : 'its quotes do not balance';
  if (!args?.length || because)
    throw new CourseFault(
      `the given command ${JSON.stringify(text)} cannot run: ${because ?? 'it is empty'}`,
      at,
    );
  return args;
}
