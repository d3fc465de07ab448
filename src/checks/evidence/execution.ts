import type { Calls } from '../../redis/command-stats.ts';
import type { Reply } from '../../redis/reply.ts';
import { nameOf } from '../../redis/snapshot.ts';
import * as command from '../command.ts';

/**
 * A command seen, and what became of it. `ran`: the server carried it out. `failed`: it answered an error.
 * `waiting`: queued in a transaction that has not ended. `dropped`: queued in one that was not carried out.
 */
export interface Execution {
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
  /** Executions of one unit were carried out together: a command alone, or all of one MULTI ... EXEC. */
  unit: number;
  /** Its own reply; of a queued command, the one that EXEC brought. */
  reply?: Reply;
  /** As of the command; in a transaction, as of EXEC. */
  time: number;
  /** Of a script: what it ran, by the server's own count, where the server tells. */
  ran?: Calls | undefined;
  /** Of a script or a function: its text without comments, where it was seen. */
  source?: string | undefined;
}

/** Of the keys that a writing command names, those that it does not only read. */
export function writtenKeys({ args }: Execution): string[] {
  return command.writtenKeys(args).map(nameOf);
}

/** Whether a key is among those that the documented facts give for a command. */
export function isAmong(
  keysOf: (args: readonly Buffer[]) => Buffer[],
  { args }: Execution,
  key: string,
): boolean {
  return keysOf(args).some((name) => nameOf(name) === key);
}

/** The text of an error reply. */
export function errorOf(execution: Execution): string | undefined {
  return execution.reply?.type === 'error' ? execution.reply.bytes.toString() : undefined;
}

/** An argument, in capitals where it is compared with an option. */
export function word(execution: Execution, index: number): string {
  return execution.args[index]?.toString().toUpperCase() ?? '';
}
