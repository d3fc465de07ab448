import { sameValue } from '../../redis/same.ts';
import type { JudgeContext } from '../context.ts';
import { showKey, showName } from '../words/show.ts';
import { type Execution, word } from './execution.ts';
import { tookEffect } from './expiry.ts';
import { takesAway } from './removed.ts';

/**
 * Where what a given key held lives on, though the key is gone: under a name that nobody asked for, as by RENAME or COPY,
 * or in another database. As `showKey` writes it, or "database 1".
 */
export function livesOn(key: string, context: JudgeContext): string | undefined {
  const before = context.given.get(key);
  if (!before || context.now.has(key)) return undefined;
  const names = new Set([key]);
  for (const execution of context.executions) {
    if (!execution.writes || tookEffect(execution) === false || execution.db !== context.db) continue;
    if (!execution.keys.some((name) => names.has(name))) continue;
    if (execution.name === 'MOVE' && isStillThere(execution, context))
      return `database ${showName(execution.args[2] ?? '')}`;
    for (const name of execution.keys) names.add(name);
  }
  const other = [...names].find((name) => {
    const state = context.now.get(name);
    return state && !context.given.has(name) && !context.isNamed(name) && sameValue(before, state);
  });
  return other === undefined ? undefined : showKey(other);
}

/** Whether nobody has removed it from the database that it was moved to. */
function isStillThere(move: Execution, context: JudgeContext): boolean {
  const [key = ''] = move.keys;
  const db = Number(word(move, 2));
  return !context.executions
    .slice(context.executions.indexOf(move) + 1)
    .some(
      (later) =>
        later.db === db &&
        tookEffect(later) !== false &&
        ((later.writes && later.keys.includes(key)) || takesAway(key, later, { ...context, db })),
    );
}
