import type { Reply } from '../redis/reply.ts';
import { commandName } from '../redis/session.ts';
import { nameOf } from '../redis/snapshot.ts';
import * as command from './command.ts';
import type { Evidence, SeenCommand } from './evidence.ts';
import { showName } from './show.ts';

/**
 * A command seen, and what became of it. `ran`: the server carried it out. `failed`: it answered an error.
 * `waiting`: queued in a transaction that has not ended. `dropped`: queued in one that was not carried out.
 */
export interface Act {
  /** In capitals, safe to show. */
  name: string;
  args: readonly Buffer[];
  /** The keys that it names, as `nameOf` writes them. */
  keys: string[];
  /** Whether it may change data. */
  writes: boolean;
  db: number;
  fate: 'ran' | 'failed' | 'waiting' | 'dropped';
  /** What dropped it: DISCARD; a watched key that changed; a queued command with an error. */
  droppedBy?: 'discard' | 'watch' | 'error';
  /** Acts of one unit were carried out together: a command alone, or all of one MULTI ... EXEC. */
  unit: number;
  /** Its own reply; of a queued command, the one that EXEC brought. */
  reply?: Reply;
  /** As of the command; in a transaction, as of EXEC. */
  time: number;
}

/** What was done, in the order in which it took effect as far as it can be told. */
export function actsOf(evidence: Evidence): Act[] {
  const acts: Act[] = [];
  const open = new Map<string, Act[]>();
  for (const seen of evidence.commands) {
    if (seen.args.length === 0) continue;
    const act = actOf(seen, acts.length);
    const queue = open.get(seen.client);
    if (queue && endsTransaction(act)) {
      open.delete(seen.client);
      settle(queue, act);
      acts.push(...queue.splice(0), act);
    } else if (act.fate === 'ran' && isQueued(act.reply)) {
      // Without a MULTI that was seen, it came before the exercise.
      const queue = open.get(seen.client) ?? [];
      open.set(seen.client, queue);
      act.fate = 'waiting';
      delete act.reply;
      queue.push(act);
    } else {
      if (act.name === 'MULTI' && act.fate === 'ran') open.set(seen.client, []);
      acts.push(act);
    }
  }
  return [...acts, ...[...open.values()].flat()];
}

/** Of the keys that a writing command names, those that it does not only read. */
export function writtenKeys(act: Act): string[] {
  return command.writtenKeys(act.args).map(nameOf);
}

/** Whether a key is among those that the documented facts give for a command. */
export function isAmong(keysOf: (args: readonly Buffer[]) => Buffer[], act: Act, key: string): boolean {
  return keysOf(act.args).some((name) => nameOf(name) === key);
}

/** The text of an error reply. */
export function errorOf(act: Act): string | undefined {
  return act.reply?.type === 'error' ? act.reply.bytes.toString() : undefined;
}

/** An argument, in capitals where it is compared with an option. */
export function word(act: Act, index: number): string {
  return act.args[index]?.toString().toUpperCase() ?? '';
}

function actOf(seen: SeenCommand, unit: number): Act {
  return {
    name: showName(commandName(seen.args)),
    args: seen.args,
    keys: command.keysOf(seen.args).map(nameOf),
    writes: command.writes(seen.args),
    db: seen.db,
    fate: seen.reply.type === 'error' ? 'failed' : 'ran',
    unit,
    reply: seen.reply,
    time: seen.time,
  };
}

function endsTransaction(act: Act): boolean {
  if (act.name === 'EXEC') return true;
  return (act.name === 'DISCARD' || act.name === 'RESET') && act.fate === 'ran';
}

function isQueued(reply: Reply | undefined): boolean {
  return reply?.type === 'status' && reply.bytes.toString() === 'QUEUED';
}

function settle(queue: Act[], end: Act): void {
  // The last ones: a transaction may have begun before the exercise.
  const replies = end.reply?.type === 'array' ? end.reply.items.slice(-queue.length) : undefined;
  let db: number | undefined;
  queue.forEach((act, index) => {
    act.db = db ?? act.db;
    if (act.name === 'SELECT' && replies?.[index]?.type === 'status') db = Number(act.args[1]?.toString());
    act.unit = end.unit;
    act.time = end.time;
    if (end.name !== 'EXEC') {
      drop(act, 'discard');
    } else if (end.reply?.type === 'nil') {
      drop(act, 'watch');
    } else if (end.fate === 'failed') {
      drop(act, 'error');
    } else {
      const reply = replies?.[index];
      act.fate = reply?.type === 'error' ? 'failed' : 'ran';
      if (reply) act.reply = reply;
    }
  });
}

function drop(act: Act, by: NonNullable<Act['droppedBy']>): void {
  act.fate = 'dropped';
  act.droppedBy = by;
}
