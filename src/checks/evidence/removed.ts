import type { JudgeContext } from '../context.ts';
import { dayOf } from '../words/duration.ts';
import type { Reason } from '../words/reasons.ts';
import { showName } from '../words/show.ts';
import type { Execution } from './execution.ts';
import { type Effect, effectOn, tookEffect } from './expiry.ts';
import { firstUndone, hasOption, isUndoneOn } from './undone.ts';

/** What the last command did that removed all keys, or this one. */
export function whatRemoved(key: string, context: JudgeContext): Reason | undefined {
  for (const execution of context.executions.toReversed()) {
    const why = removedBy(execution, key, context);
    if (why) return why;
  }
  return ranOutFromStart(key, context);
}

/** Of a key that is not there: what removed it, or was to write to it later and could not. */
export function whatLeftOut(key: string, context: JudgeContext): Reason | undefined {
  const wasToWrite = (execution: Execution) => execution.fate !== 'ran' || hasOption(execution, 'XX');
  for (const execution of context.executions.toReversed()) {
    const why =
      removedBy(execution, key, context) ??
      (isUndoneOn(key, execution, context) && wasToWrite(execution)
        ? firstUndone([key], wasToWrite, context)
        : undefined);
    if (why) return why;
  }
  return ranOutFromStart(key, context);
}

function ranOutFromStart(key: string, { given, givenTime, time }: JudgeContext): Reason | undefined {
  const before = given.get(key);
  const ranOut = before && before.pttl !== null && givenTime + before.pttl <= time;
  return ranOut ? { code: 'given-ran-out' } : undefined;
}

/** Whether the key was gone, whole, after this command that took effect. */
export function takesAway(key: string, execution: Execution, context: JudgeContext): boolean {
  if (flushes(execution, context)) return true;
  return /^RENAME(NX)?$/.test(execution.name)
    ? execution.keys[0] === key && execution.keys[1] !== key
    : /^(DEL|UNLINK|GETDEL|MOVE)$/.test(execution.name);
}

export function flushes({ name, db }: Execution, context: JudgeContext): boolean {
  return name === 'FLUSHALL' || (name === 'FLUSHDB' && db === context.db);
}

/** The command that took a given key away, whatever came in its place later. */
export function remover(key: string, context: JudgeContext): Execution | undefined {
  if (!context.given.has(key)) return undefined;
  return context.executions.findLast(
    (execution) =>
      tookEffect(execution) !== false &&
      (flushes(execution, context) ||
        (execution.db === context.db && execution.keys.includes(key) && takesAway(key, execution, context))),
  );
}

function removedBy(execution: Execution, key: string, context: JudgeContext): Reason | undefined {
  if (execution.db !== context.db && execution.name !== 'FLUSHALL') return undefined;
  if (/^FLUSH(DB|ALL)$/.test(execution.name)) {
    return execution.fate === 'ran' && wasThere(key, context)
      ? { code: 'flushed', command: execution.name }
      : undefined;
  }
  const wrote = execution.writes && tookEffect(execution) !== false;
  if (!wrote || !execution.keys.includes(key)) return undefined;
  const { name } = execution;
  if (/^(DEL|UNLINK|GETDEL)$/.test(name)) return { code: 'removed', command: name };
  if (/^RENAME(NX)?$/.test(name) && execution.keys[0] === key)
    return { code: 'renamed', command: name, to: showName(execution.args[2] ?? '') };
  if (name === 'MOVE') return { code: 'moved', to: showName(execution.args[2] ?? '') };
  if (
    /^(B?[LR]POP|B?[LR]POPLPUSH|B?LMOVE|B?LMPOP|LTRIM|LREM|S(POP|REM|MOVE)|HDEL|HGETDEL|B?ZPOP\w+|B?ZMPOP|ZREM\w*)$/.test(
      name,
    )
  ) {
    return { code: 'emptied', command: name };
  }
  const effect = effectOn(key, execution);
  return effect && ranOut(execution, effect, context);
}

function ranOut(execution: Execution, effect: Effect, context: JudgeContext): Reason | undefined {
  const ran = execution.time;
  if (effect.kind === 'in') {
    if (effect.ms <= 0) return { code: 'no-time', command: execution.name, time: effect.given };
    return ran + effect.ms <= context.time ? { code: 'ran-out', expiry: { ms: effect.ms } } : undefined;
  }
  if (effect.kind !== 'at' || effect.ms > context.time) return undefined;
  if (effect.ms > ran) return { code: 'ran-out' };
  return { code: 'past-moment', command: execution.name, moment: effect.given, day: dayOf(effect.ms) };
}

function wasThere(key: string, context: JudgeContext): boolean {
  return (
    context.given.has(key) ||
    context.executions.some((execution) => execution.fate === 'ran' && execution.keys.includes(key))
  );
}
