import { endOf, sameExpiry, sameValue } from '../../redis/same.ts';
import type { Value } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import type { Fact } from '../words/facts.ts';
import type { Reason } from '../words/reasons.ts';
import { showKey } from '../words/show.ts';
import type { Execution } from './execution.ts';
import { effectOn, tookEffect } from './expiry.ts';
import { commaInName, onlyNew, otherDatabase, otherName, strayCommand } from './names.ts';
import { flushes, takesAway, whatLeftOut, whatRemoved } from './removed.ts';
import { onlyUpdates, whyScores } from './scores.ts';
import { firstUndone, notCarriedOut, whyUndone } from './undone.ts';

/**
 * Why a fact about these keys is as it is, where the evidence or a key nearby tells: a command that was queued, failed
 * or did nothing, a name misspelt, another database, what removed a key. `keys`: as `nameOf` writes them; of facts
 * about many, those that are amiss.
 */
export function causeOf(fact: Fact, keys: readonly string[], context: JudgeContext): Reason | undefined {
  if (context.outside) return { code: 'outside', ...context.outside };
  if (context.silent) return { code: 'nothing-sent' };
  switch (fact.code) {
    case 'gone':
      return firstOf(keys, (key) => whatRemoved(key, context));
    case 'missing':
      return firstOf(keys, (key) => whyMissing(key, context));
    case 'no-expiry':
      return (
        firstOf(keys, (key) => whyNoExpiry(key, context)) ??
        firstUndone(keys, setsExpiry, context) ??
        strayCommand(keys, isExpire, context) ??
        firstOf(keys, (key) => whyAsGiven(key, setsExpiry, context))
      );
    case 'has-expiry':
    case 'wrong-expiry':
    case 'wrong-moment':
      return (
        firstUndone(keys, setsExpiry, context) ?? firstOf(keys, (key) => whyAsGiven(key, setsExpiry, context))
      );
    case 'still-there':
    case 'wrong-count':
    case 'wrong-names':
      return (
        firstUndone(keys, () => true, context) ??
        commaInName(keys, context) ??
        strayCommand(keys, () => false, context) ??
        leftEmpty(keys, context)
      );
    case 'wrong-members':
      return (
        firstUndone(keys, setsValue, context) ??
        firstOf(keys, (key) => (fact.of === 'zset' ? whyScores(fact, key, context) : undefined)) ??
        firstOf(keys, (key) => whyAsGiven(key, setsValue, context))
      );
    default:
      return (
        firstUndone(keys, setsValue, context) ?? firstOf(keys, (key) => whyAsGiven(key, setsValue, context))
      );
  }
}

function firstOf(keys: readonly string[], why: (key: string) => Reason | undefined): Reason | undefined {
  for (const key of keys) {
    const reason = why(key);
    if (reason) return reason;
  }
  return undefined;
}

/** As far as the evidence or a name close by tells: the last thing that explains it. */
function whyMissing(key: string, context: JudgeContext): Reason | undefined {
  return (
    onlyUpdates(key, context) ??
    whatLeftOut(key, context) ??
    otherDatabase(key, context) ??
    otherName(key, context) ??
    strayCommand([key], () => false, context) ??
    onlyNew(context)
  );
}

/** What was changed in the place of a key that is as it was. */
function whyAsGiven(
  key: string,
  matters: (execution: Execution) => boolean,
  context: JudgeContext,
): Reason | undefined {
  const [before, now] = [context.given.get(key), context.now.get(key)];
  if (!before || !now || !sameExpiry(endOf(before, context.givenTime), endOf(now, context.time)))
    return undefined;
  // Of a collection, one of several commands may have gone astray.
  if (now.value.kind === 'string' && !sameValue(before, now)) return undefined;
  return (
    otherDatabase(key, context) ??
    otherName(key, context) ??
    strayCommand([key], (execution) => matters(execution) && isExpire(execution), context)
  );
}

/** A text that was emptied is there all the same. */
function leftEmpty(keys: readonly string[], { given, now }: JudgeContext): Reason | undefined {
  const isEmpty = (value: Value | undefined) => value?.kind === 'string' && value.bytes.length === 0;
  const empty = keys.find((key) => isEmpty(now.get(key)?.value) && !isEmpty(given.get(key)?.value));
  return empty === undefined ? undefined : { code: 'empty-text', name: showKey(empty) };
}

function isExpire({ name, args }: Execution): boolean {
  return /^P?EXPIRE(AT)?$/.test(name) && args.length === 3;
}

/** Whether a command can have been meant to set or to end an expiry. */
function setsExpiry(execution: Execution): boolean {
  return execution.keys.some((key) => effectOn(key, execution) !== undefined);
}

/** Whether a command can have been meant to change a value. */
function setsValue({ name }: Execution): boolean {
  return !/^(P?EXPIRE(AT)?|PERSIST|GETEX)$/.test(name);
}

/** Why a key that is there has no expiry. */
function whyNoExpiry(key: string, context: JudgeContext): Reason | undefined {
  const executions = context.executions.filter(
    (execution) =>
      (execution.db === context.db && execution.keys.includes(key)) || flushes(execution, context),
  );
  for (let i = executions.length - 1; i >= 0; i--) {
    const execution = executions[i]!;
    const effect = effectOn(key, execution);
    const sets = effect?.kind === 'in' || effect?.kind === 'at';
    const unmade = sets && notCarriedOut(execution, context);
    if (unmade) return unmade;
    if (execution.fate !== 'ran') continue;
    if (tookEffect(execution) === false) {
      if (!sets) continue;
      return execution.args.length === 3
        ? { code: 'key-not-yet', command: execution.name }
        : whyUndone(execution, context);
    }
    const had = hadExpiry(key, executions.slice(0, i), context);
    if (takesAway(key, execution, context))
      return had ? { code: 'taken-away', command: execution.name } : undefined;
    if (had && effect?.kind === 'persisted') return { code: 'expiry-removed', command: execution.name };
    if (had && effect?.kind === 'replaced') return { code: 'expiry-dropped', command: execution.name };
  }
  return undefined;
}

/** Whether a key had an expiry after these executions. */
function hadExpiry(key: string, executions: Execution[], context: JudgeContext): boolean {
  for (const execution of executions.toReversed()) {
    if (tookEffect(execution) === false) continue;
    const effect = effectOn(key, execution);
    if (effect) return effect.kind === 'in' || effect.kind === 'at';
    if (takesAway(key, execution, context)) return false;
  }
  return typeof context.given.get(key)?.pttl === 'number';
}
