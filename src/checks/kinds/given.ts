import { endOf, sameExpiry, sameValue, wasDue } from '../../redis/same.ts';
import { type KeyState, nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { whatRemoved } from '../evidence/cause.ts';
import { tookEffect } from '../evidence/expiry.ts';
import { valueText } from '../values/subject.ts';
import { type CheckResult, type Finding, resultOf } from '../verdict.ts';
import { duration } from '../words/duration.ts';
import { enumerate, showName } from '../words/show.ts';

/**
 * Keys of the given state that no check names must be as they were; there is a result only for one that isn't.
 * All that are gone share one message, and so do all that were changed in one way.
 */
export function judgeUnchanged(context: JudgeContext): CheckResult[] {
  const { givenTime, time } = context;
  const gone: KeyState[] = [];
  const changed: [KeyState, KeyState][] = [];
  const timed: [KeyState, KeyState][] = [];
  for (const [key, before] of context.given) {
    if (context.isNamed(key)) continue;
    const now = context.now.get(key);
    if (!now) {
      if (!wasDue(before, givenTime, time)) gone.push(before);
    } else if (!sameValue(before, now)) changed.push([before, now]);
    else if (!sameExpiry(endOf(before, givenTime), endOf(now, time))) timed.push([before, now]);
  }
  // The server lists its keys in no order that lasts.
  gone.sort((a, b) => a.name.compare(b.name));
  for (const pairs of [changed, timed]) pairs.sort(([a], [b]) => a.name.compare(b.name));
  return [...goneResults(gone, context), ...changedResults(changed, context), ...timedResults(timed)];
}

function goneResults(gone: KeyState[], context: JudgeContext): CheckResult[] {
  const byReason = new Map<string, KeyState[]>();
  for (const before of gone) {
    const reason = whatRemoved(nameOf(before.name), context) ?? '';
    const states = byReason.get(reason);
    if (states) states.push(before);
    else byReason.set(reason, [before]);
  }
  return [...byReason].flatMap(([reason, states]) => {
    const one = states.length === 1;
    const message = `${namesOf(states)} ${one ? 'is' : 'are'} gone; ${NOT_PART(one)}.`;
    const mistake = one ? reason : reason.replace(' it.', ' them.');
    return states.map((before) =>
      resultFor(before, { expected: valueText(before.value), actual: 'not there', message, mistake }),
    );
  });
}

function changedResults(changed: [KeyState, KeyState][], context: JudgeContext): CheckResult[] {
  const names = namesOf(changed.map(([before]) => before));
  return changed.map(([before, now]) => {
    const [expected, actual] = [stateText(before), stateText(now)];
    const one = changed.length === 1;
    const message = one
      ? `${names} should be as it was, ${expected}; it is ${actual}, and ${NOT_PART(one)}.`
      : `${names} hold something else now; ${NOT_PART(one)}.`;
    const writer = context.executions.findLast(
      (execution) =>
        tookEffect(execution) !== false && execution.keys.includes(nameOf(before.name)) && execution.writes,
    );
    return resultFor(before, {
      expected,
      actual,
      message,
      mistake: one && writer ? `${writer.name} changed it.` : undefined,
    });
  });
}

function timedResults(timed: [KeyState, KeyState][]): CheckResult[] {
  const names = namesOf(timed.map(([before]) => before));
  const one = timed.length === 1;
  // An expiry counts from a moment that has passed: it can't be given again.
  const lost = timed.some(([before]) => before.pttl !== null);
  return timed.map(([before, now]) => {
    const [expected, actual] = [expiryText(before), expiryText(now)];
    const message = one
      ? lost && now.pttl !== null
        ? `${names} was not part of the task, and it no longer expires when it would have.`
        : `${names} should have ${expected}, as before; it has ${actual}, and ${NOT_PART(one)}.`
      : `${names} have another expiry now; ${NOT_PART(one)}.`;
    return resultFor(before, { expected, actual, message, ...(lost && { next: '.reset begins again.' }) });
  });
}

const NOT_PART = (one: boolean) => `${one ? 'it was' : 'they were'} not part of the task`;

function resultFor(before: KeyState, finding: Finding): CheckResult {
  return resultOf(`given:${before.name.toString()}`, finding);
}

function namesOf(states: KeyState[]): string {
  return enumerate(
    states.slice(0, 4).map(({ name }) => showName(name)),
    states.length,
  );
}

function stateText({ type, value }: KeyState): string {
  return value.kind === 'string'
    ? valueText(value)
    : `${type === 'zset' ? 'sorted set' : type} ${valueText(value)}`;
}

function expiryText({ pttl }: KeyState): string {
  return pttl === null ? 'no expiry' : `an expiry in ${duration(Math.ceil(pttl / 1000) * 1000)}`;
}
