import type { KeyState, Value } from '../../redis/snapshot.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { whatRemoved } from '../evidence/cause.ts';
import { tookEffect } from '../evidence/expiry.ts';
import { valueText } from '../values/subject.ts';
import { SAME_MOMENT } from '../values/ttl.ts';
import { type CheckResult, type Finding, resultOf } from '../verdict.ts';
import { duration } from '../words/duration.ts';
import { enumerate, showName } from '../words/show.ts';

/**
 * Keys of the given state that no check names must be as they were; there is a result only for one that isn't.
 * All that are gone share one message, and so do all that were changed in one way.
 */
export function judgeUnchanged(context: JudgeContext): CheckResult[] {
  const gone: KeyState[] = [];
  const changed: [KeyState, KeyState][] = [];
  const timed: [KeyState, KeyState][] = [];
  for (const [key, before] of context.given) {
    if (context.isNamed(key)) continue;
    const now = context.now.get(key);
    if (!now) {
      if (before.pttl === null || context.givenTime + before.pttl > context.time + SAME_MOMENT)
        gone.push(before);
    } else if (!sameValue(before.value, now.value)) changed.push([before, now]);
    else if (!sameExpiry(before, now, context)) timed.push([before, now]);
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

function sameExpiry(before: KeyState, now: KeyState, context: JudgeContext): boolean {
  if (before.pttl === null || now.pttl === null) return before.pttl === now.pttl;
  return Math.abs(context.givenTime + before.pttl - (context.time + now.pttl)) <= SAME_MOMENT;
}

/** Bytes as bytes; sets and hashes in any order. Types that can't be read are taken as unchanged. */
function sameValue(a: Value, b: Value): boolean {
  if (a.kind === 'string' && b.kind === 'string') return a.bytes.equals(b.bytes);
  if (a.kind === 'list' && b.kind === 'list') return sameBytes(a.items, b.items);
  if (a.kind === 'set' && b.kind === 'set') return sameBag(a.members, b.members, nameOf);
  if (a.kind === 'hash' && b.kind === 'hash') return sameBag(a.fields, b.fields, fieldText);
  if (a.kind === 'zset' && b.kind === 'zset') return sameBag(a.members, b.members, scoreText);
  if (a.kind === 'stream' && b.kind === 'stream') {
    return (
      a.entries.length === b.entries.length &&
      a.entries.every(
        (entry, i) => entry.id === b.entries[i]!.id && sameBytes(entry.fields, b.entries[i]!.fields),
      )
    );
  }
  return a.kind === b.kind;
}

function sameBytes(a: Buffer[], b: Buffer[]): boolean {
  return a.length === b.length && a.every((item, index) => item.equals(b[index]!));
}

function sameBag<T>(a: T[], b: T[], text: (item: T) => string): boolean {
  if (a.length !== b.length) return false;
  const there = new Set(b.map(text));
  return a.every((item) => there.has(text(item)));
}

function fieldText([field, value]: [Buffer, Buffer]): string {
  return `${field.length}:${nameOf(field)}${nameOf(value)}`;
}

function scoreText({ member, score }: { member: Buffer; score: number }): string {
  return `${score}:${nameOf(member)}`;
}
