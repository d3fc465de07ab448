import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { LIMIT, Unfinished } from './unfinished.ts';

/** Milliseconds between two looks: the server tells nobody that a client waits. */
const LOOK = 1;

/** Whose command is looked for: one connection's, or that of any that is logged in as the learner but these. */
export type Whose = { id: number } | { except: readonly number[] };

/**
 * Once a command is seen to wait: true; or once `isOver` says that it does not, or no more: false. True too where nobody
 * may look. Rejects with ConnectionLost, and with Unfinished where neither happens.
 * Source: https://redis.io/docs/latest/commands/client-list/
 */
export async function seenBlocked(sandbox: Sandbox, whose: Whose, isOver: () => boolean): Promise<boolean> {
  const deadline = performance.now() + LIMIT;
  while (!isOver()) {
    if (await isBlocked(sandbox, whose)) return true;
    if (performance.now() > deadline) throw new Unfinished('was never seen to wait');
    await sleep(LOOK);
  }
  return false;
}

/** Whether it waits at this moment; true where nobody may look. */
export async function isBlocked({ engine, learnerTarget }: Sandbox, whose: Whose): Promise<boolean> {
  const list = await engine.send(['CLIENT', 'LIST']);
  if (list.type !== 'bulk') return true;
  const { username = 'default' } = learnerTarget;
  return list.bytes
    .toString()
    .split('\n')
    .some((line) => {
      const of = (name: string) => new RegExp(`(?:^| )${name}=(\\S*)`).exec(line)?.[1] ?? '';
      if (!of('flags').includes('b')) return false;
      const id = Number(of('id'));
      // Who may not be asked for a number has 0.
      if ('id' in whose && whose.id !== 0) return id === whose.id;
      return of('user') === username && !('except' in whose && whose.except.includes(id));
    });
}
