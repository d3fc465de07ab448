import type { Line } from '../course/course.ts';
import { type Part, unfitFor } from '../course/engine-command.ts';
import { groupOf, mayBlock, runsScript } from '../redis/command-facts.ts';
import { ConnectionLost } from '../redis/connection.ts';
import type { Snapshot } from '../redis/snapshot.ts';
import { splitArgs } from '../redis/split.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { CourseFault } from './course-fault.ts';
import { inTime, LIMIT, Unfinished } from './unfinished.ts';

/** Takes back what earlier goes left on the learner's connection: WATCH, MULTI, SELECT, SUBSCRIBE, HELLO 3, a name. */
export async function fresh(sandbox: Sandbox): Promise<void> {
  const { learner } = sandbox;
  // By then the server has forgotten them: they are not counted among those who hear what comes.
  if (learner.subscribed) await learner.unsubscribeAll();
  const used = learner.inTransaction || learner.subscribed || learner.monitoring || learner.altered;
  if (used || learner.db !== sandbox.db || learner.protocol !== 2) await sandbox.reconnect();
  else if (learner.watching) await learner.send([Buffer.from('UNWATCH')]);
}

/**
 * Empties the sandbox, runs the given commands on it as the engine, and looks at what there is then.
 * All in one burst where nobody else can write in between. Throws CourseFault, with the cause Unfinished where a script
 * does not come to its end: then the server may be busy for ever. Rejects with ConnectionLost where nothing is answered.
 */
export async function give(
  sandbox: Sandbox,
  given: Line[],
  options: { dumps?: boolean } = {},
): Promise<Snapshot> {
  const commands = given.map((line) => commandOf(line, 'given'));
  const { snapshot, replies } = await inTime(LIMIT, sandbox.give(commands, options)).catch((cause) => {
    if (!(cause instanceof Unfinished) || cause.cause) throw cause.cause ?? cause;
    // What blocks is no given command: what has no end is a script, or the server does not answer.
    const endless = given[commands.findIndex((args) => runsScript(args))];
    if (!endless) throw new ConnectionLost(cause.message, { cause });
    const { text, at } = endless;
    throw new CourseFault(`the given command ${JSON.stringify(text)} ${cause.message}`, at, { cause });
  });
  replies.forEach((reply, index) => {
    if (reply.type !== 'error') return;
    const { text, at } = given[index]!;
    throw new CourseFault(`the given command ${JSON.stringify(text)} fails: ${reply.bytes.toString()}`, at);
  });
  return snapshot;
}

/** Throws CourseFault where the line is none that the engine may run. */
export function commandOf({ text, at }: Line, part: Part): Buffer[] {
  const args = splitArgs(text);
  const because = args ? unfitFor(part, args, { groupOf, mayBlock }) : 'its quotes do not balance';
  if (!args?.length || because) {
    const what = part === 'given' ? 'given command' : 'command of another client';
    throw new CourseFault(`the ${what} ${JSON.stringify(text)} cannot run: ${because ?? 'it is empty'}`, at);
  }
  return args;
}
