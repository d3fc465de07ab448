import { endOf, sameExpiry, sameValue, wasDue } from '../../redis/same.ts';
import { type KeyState, nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { causeOf } from '../evidence/cause.ts';
import { tookEffect } from '../evidence/expiry.ts';
import { type Judgement, resultOf } from '../result.ts';
import type { CheckResult } from '../verdict.ts';
import type { Span } from '../words/duration.ts';
import { expiryText } from '../words/facts.ts';
import type { Named } from '../words/members.ts';
import type { Reason } from '../words/reasons.ts';
import { showName, some } from '../words/show.ts';
import { changeText, stateText, valueText } from '../words/value.ts';

/**
 * Keys of the given state that no check names must be as they were; there is a result only for one that isn't.
 * All that are gone share one message, and so do all that were changed in one way.
 */
export function judgeGiven(context: JudgeContext): CheckResult[] {
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
  const byReason = new Map<string, { reason: Reason | undefined; states: KeyState[] }>();
  for (const before of gone) {
    const reason = causeOf({ code: 'gone', keys: named([before]) }, [nameOf(before.name)], context);
    const group = byReason.get(JSON.stringify(reason)) ?? { reason, states: [] };
    byReason.set(JSON.stringify(reason), group);
    group.states.push(before);
  }
  return [...byReason.values()].flatMap(({ reason, states }) => {
    const many = reason?.code === 'removed' && states.length > 1;
    const fact = { code: 'gone', keys: named(states) } as const;
    return states.map((before) =>
      resultFor(before, {
        expected: valueText(before.value),
        actual: 'not there',
        fact,
        reason: many ? { ...reason, many } : reason,
      }),
    );
  });
}

function changedResults(changed: [KeyState, KeyState][], context: JudgeContext): CheckResult[] {
  const keys = named(changed.map(([before]) => before));
  return changed.map(([before, now]) => {
    const change = changeText(before, now);
    const found = {
      expected: change?.expected ?? stateText(before),
      actual: change?.actual ?? 'something else',
    };
    if (changed.length > 1) return resultFor(before, { ...found, fact: { code: 'all-changed', keys } });
    const key = nameOf(before.name);
    const writer = context.executions.findLast(
      (execution) => tookEffect(execution) !== false && execution.keys.includes(key) && execution.writes,
    );
    return resultFor(before, {
      ...found,
      fact: change
        ? { code: 'changed', key: showName(before.name), ...change }
        : { code: 'all-changed', keys },
      reason: writer && { code: 'changed-by', command: writer.name },
    });
  });
}

function timedResults(timed: [KeyState, KeyState][]): CheckResult[] {
  const keys = named(timed.map(([before]) => before));
  // An expiry counts from a moment that has passed: it can't be given again.
  const lost = timed.some(([before]) => before.pttl !== null);
  return timed.map(([before, now]) => {
    const [expected, actual] = [left(before), left(now)];
    const key = showName(before.name);
    const one: Judgement['fact'] =
      expected && actual ? { code: 'expiry-moved', key } : { code: 'expiry-changed', key, expected, actual };
    return resultFor(before, {
      expected: expiryText(expected),
      actual: expiryText(actual),
      fact: timed.length === 1 ? one : { code: 'expiries-changed', keys },
      ...(lost && { next: 'reset' }),
    });
  });
}

function left({ pttl }: KeyState): Span | null {
  return pttl === null ? null : { ms: pttl };
}

function resultFor(before: KeyState, judgement: Judgement): CheckResult {
  return resultOf({ kind: 'given', key: before.name.toString() }, judgement);
}

function named(states: KeyState[]): Named {
  return { names: some(states, ({ name }) => showName(name)), count: states.length };
}
