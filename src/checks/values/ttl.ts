import { inRange, type Range } from '../../course/course.ts';
import { endOf, sameExpiry } from '../../redis/same.ts';
import { whyNoExpiry, whyUnchanged } from '../evidence/cause.ts';
import type { Execution } from '../evidence/execution.ts';
import { type Effect, effectOn, tookEffect } from '../evidence/expiry.ts';
import type { Finding } from '../verdict.ts';
import { duration, durations } from '../words/duration.ts';
import type { Subject } from './subject.ts';

/** Redis keeps moments in whole milliseconds. */
const ROUNDING = 1;
/** A snapshot's clock may be read this much before the expiries are, on a busy machine. */
const READING = 50;
/** A moment in whole seconds can't be nearer than this to so many seconds from now. */
const WHOLE_SECOND = 999;
/** Building a given state takes time, which an expiry set there has lost when the exercise begins. */
const BUILDING = 1000;

/** The expiry as set must lie in the range of seconds; what has passed since then is forgiven. */
export function judgeTtl(wanted: Range | 'none', subject: Subject): Finding {
  const { name, state } = subject;
  const expected = wanted === 'none' ? 'no expiry' : `expires in ${durations(wanted)}`;
  if (state.pttl === null)
    return wanted === 'none' ? { expected, actual: 'no expiry' } : noExpiry(subject, expected);
  const set = asSet(subject, state.pttl);
  const actual = `expires in ${duration(set.ms)}`;
  if (wanted === 'none') {
    const message = `${name} ${actual}; it should have no expiry.`;
    return { expected, actual, message, mistake: fromStart(subject, state.pttl) };
  }
  if (isRight(wanted, subject, state.pttl)) return { expected, actual };
  const is = set.ms - state.pttl < 2000 ? actual : `was set to ${actual.replace('expires', 'expire')}`;
  return {
    expected,
    actual,
    message: `${name} should ${expected.replace('expires', 'expire')}; it ${is}.`,
    mistake: fromStart(subject, state.pttl) ?? unitMistake(wanted, set),
  };
}

/** The moment of expiry, in Unix seconds. */
export function judgeExpireat(wanted: number, subject: Subject): Finding {
  const { name, state, context } = subject;
  const expected = `expires at ${moment(wanted)}`;
  if (state.pttl === null) return noExpiry(subject, expected);
  const at = context.time + state.pttl;
  const actual = `expires at ${moment(Math.round(at / 1000))}`;
  const apart = at - wanted * 1000;
  if (Math.abs(apart) <= 500) return { expected, actual };
  const message = `${name} should ${expected.replace('expires', 'expire')}; it ${actual}.`;
  return {
    expected,
    actual,
    message,
    mistake: fromStart(subject, state.pttl) ?? momentMistake(wanted, apart, state.pttl),
  };
}

function noExpiry(subject: Subject, expected: string): Finding {
  const { name, key, before, context } = subject;
  return {
    expected,
    actual: 'no expiry',
    message: `${name} has no expiry; it should ${expected.replace('expires', 'expire')}.`,
    mistake: whyNoExpiry(key, before, context),
  };
}

function isRight({ min, max }: Range, subject: Subject, pttl: number): boolean {
  const { context } = subject;
  const { execution, effect } = setter(subject);
  const whole = effect?.kind === 'at' && effect.wholeSeconds ? WHOLE_SECOND : 0;
  // A moment is reckoned by hand, from a clock that was read some time before.
  const since = effect?.kind === 'at' ? context.givenTime : (execution?.time ?? context.givenTime);
  let spent = context.time - since + READING;
  if (isKept(subject, pttl)) spent = context.time - context.givenTime + BUILDING;
  const longest = max === null ? null : max * 1000 + ROUNDING + whole;
  return inRange({ min: min * 1000 - Math.max(0, spent) - ROUNDING - whole, max: longest }, pttl);
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

function fromStart({ key, before, context }: Subject, pttl: number): string | undefined {
  if (!before || !sameExpiry(endOf(before, context.givenTime), context.time + pttl)) return undefined;
  return whyUnchanged(key, context) ?? 'That is the expiry it had from the start.';
}

function unitMistake({ min, max }: Range, set: ReturnType<typeof asSet>): string | undefined {
  const fits = (factor: number) =>
    set.high * factor >= min * 1000 && (max === null || set.low * factor <= max * 1000);
  const seconds = set.ms / 1000;
  const counted = (unit: string) =>
    `Is that ${seconds} ${unit}${seconds === 1 ? '' : 's'}, given as seconds?`;
  if (fits(60)) return counted('minute');
  if (fits(3600)) return counted('hour');
  if (fits(86400)) return counted('day');
  if (fits(1000)) return `Is that ${Math.round(set.low)} s, given as milliseconds?`;
  if (fits(1 / 1000)) return `Is that ${seconds} ms, given as seconds?`;
  if (fits(1 / 60)) return 'Was it multiplied by 60 once too often?';
  if (set.effect?.kind === 'at' && set.effect.ms > 1e14) return AS_SECONDS;
  return set.effect?.kind !== 'at' && seconds > 1e9 ? AS_MOMENT : undefined;
}

const AS_SECONDS = 'Is that a moment in milliseconds, given as seconds?';
const AS_MOMENT = 'Is that a moment (Unix time), given as seconds from now?';

function momentMistake(wanted: number, apart: number, pttl: number): string | undefined {
  if (Math.abs(pttl - wanted * 1000) < 3_600_000) return AS_MOMENT;
  if (Math.abs(apart - wanted * 999_000) < 1000) return AS_SECONDS;
  const hours = Math.round(apart / 1000) / 3600;
  if (Number.isInteger(hours * 4) && Math.abs(hours) <= 14)
    return 'Is that the same hour in another time zone?';
  return undefined;
}

function moment(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  const year = date.getUTCFullYear();
  const when =
    year > 9999 ? `in the year ${year}` : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return `${seconds} (${when})`;
}
