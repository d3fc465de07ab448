import { runsScript } from '../../redis/command-facts.ts';
import type { Reply } from '../../redis/reply.ts';
import { commandName } from '../../redis/session.ts';
import { nameOf } from '../../redis/snapshot.ts';
import * as command from '../command.ts';
import { showName } from '../words/show.ts';
import type { SeenCommand } from './evidence.ts';
import type { Execution } from './execution.ts';
import { calledBy, Sources, withoutPlain } from './script-calls.ts';

/** What was done, in the order in which it took effect as far as it can be told. */
export function executionsOf(commands: readonly SeenCommand[]): Execution[] {
  const executions: Execution[] = [];
  const open = new Map<string, Execution[]>();
  const sources = new Sources();
  for (const seen of commands) {
    if (seen.args.length === 0) continue;
    const execution = executionOf(seen, executions.length, sources);
    const queue = open.get(seen.client);
    if (queue && endsTransaction(execution)) {
      open.delete(seen.client);
      settle(queue, execution);
      executions.push(...queue.splice(0), execution);
    } else if (execution.fate === 'ran' && isQueued(execution.reply)) {
      // Without a MULTI that was seen, it came before the exercise.
      const queue = open.get(seen.client) ?? [];
      open.set(seen.client, queue);
      execution.fate = 'waiting';
      delete execution.reply;
      queue.push(execution);
    } else {
      if (execution.name === 'MULTI' && execution.fate === 'ran') open.set(seen.client, []);
      executions.push(execution);
    }
  }
  return [...executions, ...[...open.values()].flat()];
}

/** What a command is does not change from one verdict to the next: a long session judges many again. */
const WHAT = new WeakMap<SeenCommand, Pick<Execution, 'name' | 'keys' | 'writes'>>();

function whatIs(seen: SeenCommand): Pick<Execution, 'name' | 'keys' | 'writes'> {
  const known = WHAT.get(seen);
  if (known) return known;
  const { args } = seen;
  const name = showName(commandName(args));
  const what = { name, keys: command.keysOf(args).map(nameOf), writes: command.writes(args) };
  WHAT.set(seen, what);
  return what;
}

function executionOf(seen: SeenCommand, unit: number, sources: Sources): Execution {
  const { name, keys, writes } = whatIs(seen);
  const execution: Execution = {
    name,
    args: seen.args,
    keys,
    writes,
    db: seen.db,
    fate: seen.reply.type === 'error' ? 'failed' : 'ran',
    unit,
    reply: seen.reply,
    time: seen.time,
    ran: seen.ran,
    source: sources.of(name, seen.args),
  };
  if (seen.ran) tellWrites(execution);
  return execution;
}

/** A script writes where something that it ran does; what one was to do that failed, nobody knows. */
function tellWrites(execution: Execution): void {
  if (runsScript(execution.args) && execution.fate !== 'failed')
    execution.writes = calledBy(execution).some((called) =>
      command.writes(called.split(' ').map((part) => Buffer.from(part))),
    );
}

function endsTransaction(execution: Execution): boolean {
  if (execution.name === 'EXEC') return true;
  return (execution.name === 'DISCARD' || execution.name === 'RESET') && execution.fate === 'ran';
}

function isQueued(reply: Reply | undefined): boolean {
  return reply?.type === 'status' && reply.bytes.toString() === 'QUEUED';
}

function settle(queue: Execution[], end: Execution): void {
  // The last ones: a transaction may have begun before the exercise.
  const replies = end.reply?.type === 'array' ? end.reply.items.slice(-queue.length) : undefined;
  let db: number | undefined;
  const scripts = queue.filter(({ args }) => runsScript(args));
  const counted =
    end.ran &&
    withoutPlain(
      end.ran,
      queue.filter((execution) => !scripts.includes(execution)),
    );
  for (const script of counted ? scripts : []) {
    script.ran = counted;
    tellWrites(script);
  }
  queue.forEach((execution, index) => {
    execution.db = db ?? execution.db;
    if (execution.name === 'SELECT' && replies?.[index]?.type === 'status')
      db = Number(execution.args[1]?.toString());
    execution.unit = end.unit;
    execution.time = end.time;
    if (end.name !== 'EXEC') {
      drop(execution, 'discard');
    } else if (end.reply?.type === 'nil') {
      drop(execution, 'watch');
    } else if (end.fate === 'failed') {
      drop(execution, 'error');
    } else {
      const reply = replies?.[index];
      execution.fate = reply?.type === 'error' ? 'failed' : 'ran';
      if (reply) execution.reply = reply;
    }
  });
}

function drop(execution: Execution, by: NonNullable<Execution['droppedBy']>): void {
  execution.fate = 'dropped';
  execution.droppedBy = by;
}
