import { inRange, type Range } from '../../course/course.ts';
import { endOf, sameExpiry } from '../../redis/same.ts';
import type { Execution } from '../evidence/execution.ts';
import { type Effect, effectOn, tookEffect } from '../evidence/expiry.ts';
import { calledBy } from '../evidence/script-calls.ts';
import type { Judgement } from '../result.ts';
import { duration, durations, momentText } from '../words/duration.ts';
import type { TimeUnit } from '../words/mistakes.ts';
import type { Reason } from '../words/reasons.ts';
import { showKey } from '../words/show.ts';
import type { Subject } from './subject.ts';

/** Redis keeps moments in whole milliseconds. */
const ROUNDING = 1;
/** A snapshot's clock may be read this much before the expiries are, on a busy machine. */
const READING = 50;
/** A moment in whole seconds can't be nearer than this to so many seconds from now. */
const WHOLE_SECOND = 999;
/** A moment was reckoned, by hand or by a program, from a clock that was read up to so long before the exercise began. */
const RECKONING = 8000;
/** Building a given state takes time, which an expiry set there has lost when the exercise begins. */
const BUILDING = 1000;

/** The expiry as set must lie in the range of seconds; what has passed since then is forgiven. */
export function judgeTtl(wanted: Range | 'none', subject: Subject): Judgement {
  const { name: key, state } = subject;
  const { pttl } = state;
  const [ending] = state.ends ?? [];
  if (wanted === 'none' && ending)
    return {
      expected: NONE,
      actual: 'fields that expire',
      fact: {
        code: 'field-has-expiry',
        key,
        field: showKey(ending[0]),
        actual: { ms: ending[1] },
      },
    };
  if (pttl === null) return wanted === 'none' ? { expected: NONE, actual: NONE } : noExpiry(subject, wanted);
  const set = asSet(subject, pttl);
  // Rounded up it may look right: then it is told as it is.
  const ms =
    wanted !== 'none' && inRange(wanted, set.ms / 1000) && !isRight(wanted, subject, pttl) ? pttl : set.ms;
  const found = {
    expected: wanted === 'none' ? NONE : ttlText(wanted),
    actual: `expires in ${duration(ms)}`,
  };
  if (wanted === 'none') {
    const fact = { code: 'has-expiry', key, actual: { ms: set.ms } } as const;
    return { ...found, fact, reason: fromStart(subject, pttl) };
  }
  if (isRight(wanted, subject, pttl)) return found;
  return {
    ...found,
    fact: {
      code: 'wrong-expiry',
      key,
      expected: wanted,
      actual: { ms },
      wasSet: set.ms - pttl >= 2000,
    },
    reason: fromStart(subject, pttl) ?? unitMistake(wanted, set, subject),
  };
}

/** The moment of expiry, in Unix seconds. */
export function judgeExpireat(wanted: number, subject: Subject): Judgement {
  const { name: key, state, context } = subject;
  const { pttl } = state;
  if (pttl === null) return noExpiry(subject, { at: wanted });
  const at = context.time + pttl;
  const set = asSet(subject, pttl);
  // From now: which moment that is depends on when it was typed, and tells nothing.
  const actual = set.effect?.kind === 'in' ? { ms: set.ms } : Math.round(at / 1000);
  const found = {
    expected: momentOfExpiry(wanted),
    actual: typeof actual === 'number' ? momentOfExpiry(actual) : `expires in ${duration(actual.ms)}`,
  };
  const apart = at - wanted * 1000;
  if (Math.abs(apart) <= WHOLE_SECOND) return found;
  return {
    ...found,
    fact: { code: 'wrong-moment', key, expected: wanted, actual },
    reason: fromStart(subject, pttl) ?? momentMistake(wanted, apart, pttl, unitOf(subject)),
  };
}

export const NONE = 'no expiry';

/** As a result tells it: `expires in 30 minutes (1800 s)`. */
export function ttlText(wanted: Range | 'none'): string {
  return wanted === 'none' ? NONE : `expires in ${durations(wanted)}`;
}

function momentOfExpiry(seconds: number): string {
  return `expires at ${momentText(seconds)}`;
}

function noExpiry(subject: Subject, wanted: Range | { at: number }): Judgement {
  return {
    expected: 'at' in wanted ? momentOfExpiry(wanted.at) : ttlText(wanted),
    actual: NONE,
    fact: { code: 'no-expiry', key: subject.name, expected: wanted },
  };
}

function isRight({ min, max }: Range, subject: Subject, pttl: number): boolean {
  const { context } = subject;
  const { execution, effect } = setter(subject);
  const moment = effect?.kind === 'at';
  const whole = (moment && effect.wholeSeconds) || readsClock(execution) ? WHOLE_SECOND : 0;
  const since = moment ? context.givenTime - RECKONING : (execution?.time ?? context.givenTime);
  let spent = context.time - since + READING;
  if (isKept(subject, pttl)) spent = context.time - context.givenTime + BUILDING;
  const longest = max === null ? null : max * 1000 + ROUNDING + whole;
  return inRange({ min: min * 1000 - Math.max(0, spent) - ROUNDING - whole, max: longest }, pttl);
}

/** Whether a script reckoned from the server's own clock, which it gets in whole seconds. */
function readsClock(execution: Execution | undefined): boolean {
  return execution !== undefined && calledBy(execution).includes('TIME');
}

/**
 * The command that set the expiry, under whatever name the key had then: the last one known to have done so. Where
 * it can't be known (a script), the first that may have: an expiry may be older than we think, never younger.
 */
function setter({ key, context }: Subject): { execution?: Execution; effect?: Effect } {
  let name = key;
  let first: { execution: Execution; effect: Effect } | undefined;
  for (const execution of context.executions.toReversed()) {
    if (execution.db !== context.db || !execution.keys.includes(name)) continue;
    const effect = effectOn(name, execution);
    if (!effect || effect.kind === 'replaced' || effect.kind === 'persisted') continue;
    const took = tookEffect(execution);
    if (took === false) continue;
    const [from, to] = execution.keys;
    if (/^(RENAME(NX)?|COPY)$/.test(execution.name) && to === name && from !== undefined) name = from;
    else if (took && effect.kind !== 'unknown') return { execution, effect };
    else first = { execution, effect };
  }
  return first ?? {};
}

/** The expiry as it was set, in ms, where the evidence tells; else what remains, and between which bounds it was set. */
function asSet(subject: Subject, pttl: number): { ms: number; low: number; high: number; effect?: Effect } {
  const { context } = subject;
  const { execution, effect } = setter(subject);
  const spent = Math.max(0, context.time - (execution?.time ?? context.givenTime));
  if (effect?.kind === 'in' && pttl <= effect.ms + ROUNDING && pttl >= effect.ms - spent - READING) {
    return { ms: effect.ms, low: effect.ms, high: effect.ms, effect };
  }
  const step = pttl > 10_000 ? 1000 : 100;
  const ms = pttl > 1000 ? Math.ceil(pttl / step) * step : pttl;
  return { ms, low: pttl, high: pttl + Math.min(spent + READING, 2000), ...(effect && { effect }) };
}

/** Whether the key expires when some key of the given state would have: it kept that expiry, or got it by RENAME. */
function isKept(subject: Subject, pttl: number): boolean {
  const { given, givenTime, time } = subject.context;
  for (const state of given.values()) {
    if (state.pttl !== null && sameExpiry(endOf(state, givenTime), time + pttl)) return true;
  }
  return false;
}

function fromStart({ before, context }: Subject, pttl: number): Reason | undefined {
  if (!before || !sameExpiry(endOf(before, context.givenTime), context.time + pttl)) return undefined;
  return { code: 'expiry-as-given' };
}

function unitMistake(
  { min, max }: Range,
  set: ReturnType<typeof asSet>,
  subject: Subject,
): Reason | undefined {
  const fits = (factor: number) =>
    set.high * factor >= min * 1000 && (max === null || set.low * factor <= max * 1000);
  const given = { ms: set.ms };
  if (fits(60)) return { code: 'given-as-seconds', given, unit: 'minute' };
  if (fits(3600)) return { code: 'given-as-seconds', given, unit: 'hour' };
  if (fits(86400)) return { code: 'given-as-seconds', given, unit: 'day' };
  if (fits(1000)) return { code: 'given-as-milliseconds', given: { ms: Math.round(set.low) } };
  if (fits(1 / 1000)) return { code: 'milliseconds-as-seconds', given };
  if (fits(1 / 60)) return { code: 'sixty-too-often' };
  if (set.effect?.kind === 'at' && set.effect.ms > 1e14) return { code: 'moment-in-milliseconds' };
  return set.effect?.kind !== 'at' && set.ms > 1e12
    ? { code: 'moment-from-now', unit: unitOf(subject) }
    : undefined;
}

/** In what the time was written that set the expiry. */
function unitOf(subject: Subject): TimeUnit {
  const { effect } = setter(subject);
  return effect?.kind === 'in' && effect.ms === effect.given ? 'milliseconds' : 'seconds';
}

function momentMistake(wanted: number, apart: number, pttl: number, unit: TimeUnit): Reason | undefined {
  if (Math.abs(pttl - wanted * 1000) < 3_600_000) return { code: 'moment-from-now', unit };
  if (Math.abs(apart - wanted * 999_000) < 1000) return { code: 'moment-in-milliseconds' };
  const hours = Math.round(apart / 1000) / 3600;
  return Number.isInteger(hours * 4) && Math.abs(hours) <= 14 ? { code: 'other-time-zone' } : undefined;
}
