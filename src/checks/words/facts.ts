import type { Range } from '../../course/course.ts';
import { duration, durations, momentText, type Span } from './duration.ts';
import { type Difference, differenceText } from './list-difference.ts';
import { areMissing, type MembersOf, membersText, type Named } from './members.ts';
import { aType, count, lengthText } from './show.ts';
import { type Entry, sentenceOf } from './table.ts';

interface OfKey {
  key: string;
}
interface OfField extends OfKey {
  field: string;
}
interface Differs extends OfKey {
  expected: string;
  actual: string;
}
interface WrongTimes {
  expected: string;
  times: number;
  actual: number;
  /** The first that answered so, and what it answered. */
  command?: string;
  answer?: string;
}
interface Answered {
  expected: string;
  /** Whether several things were expected. */
  many: boolean;
}

/** What a check found that should be otherwise, one entry a fact. Values and names in it are as `show` writes them. */
export const FACTS = {
  // One key.
  missing: ({ key }: OfKey) => `${key} is not there.`,
  'still-there': ({ key }: OfKey) => `${key} is still there; it should be gone.`,
  'lives-on': ({ key, place }: OfKey & { place: string }) =>
    `${key} should be gone; what it held is in ${place} now.`,
  'wrong-type': ({ key, expected, actual }: Differs) =>
    `${key} is ${aType(actual)}; ${aType(expected)} was expected.`,
  'wrong-value': ({ key, expected, actual }: Differs) => `${key} should be ${expected}; it is ${actual}.`,
  'no-number': ({ key, expected, actual }: Differs) =>
    `${key} should be the number ${expected}; it is ${actual}, which is not a number.`,
  'no-match': ({ key, expected, actual }: Differs) => `${key} should match ${expected}; it is ${actual}.`,
  'wrong-length': ({ key, expected, actual }: Differs) =>
    `${key} should hold ${expected}; it holds ${actual}.`,
  'no-length': ({ key, expected, actual }: Differs) =>
    `${key} is ${aType(actual)}, whose length can't be counted; ${expected} were expected.`,
  'wrong-encoding': ({ key, expected, actual }: Differs) =>
    `${key} should be kept as ${expected}; it is kept as ${actual}.`,
  'items-missing': ({ key, expected, missing }: OfKey & { expected: string; missing: Named }) =>
    `${key} should hold ${expected}; ${areMissing(missing)}.`,
  'wrong-list': ({ key, expected, difference }: OfKey & { expected: Named; difference: Difference }) =>
    `${key} should be ${expected.names}${expected.count > 1 ? ', in this order' : ''}; ${differenceText(difference)}.`,
  'wrong-members': ({ key, ...members }: OfKey & MembersOf) => `${key} should hold ${membersText(members)}.`,

  // Its expiry.
  'no-expiry': ({ key, expected }: OfKey & { expected: Range | { at: number } }) =>
    `${key} has no expiry; it should expire ${when(expected)}.`,
  'has-expiry': ({ key, actual }: OfKey & { actual: Span }) =>
    `${key} expires in ${duration(actual.ms)}; it should have no expiry.`,
  'wrong-expiry': ({ key, expected, actual, wasSet }: WrongExpiry) =>
    `${key} should expire ${when(expected)}; it ${wasSet ? 'was set to expire' : 'expires'} in ${duration(actual.ms)}.`,
  'wrong-moment': ({ key, expected, actual }: OfKey & { expected: number; actual: number | Span }) => {
    const is = typeof actual === 'number' ? `at ${momentText(actual)}` : `in ${duration(actual.ms)}`;
    return `${key} should expire at ${momentText(expected)}; it expires ${is}.`;
  },

  // That of a field of its own.
  'field-no-expiry': ({ key, field, expected }: OfField & { expected: Range }) =>
    `Field ${field} of ${key} has no expiry of its own; it should expire in ${durations(expected)}.`,
  'field-has-expiry': ({ key, field, actual }: OfField & { actual: Span }) =>
    `Field ${field} of ${key} expires in ${duration(actual.ms)}; it should have no expiry.`,
  'field-wrong-expiry': ({ key, field, expected, actual }: OfField & { expected: Range; actual: Span }) =>
    `Field ${field} of ${key} should expire in ${durations(expected)}; it expires in ${duration(actual.ms)}.`,

  // Keys by their names.
  'wrong-count': ({ pattern, expected, found }: { pattern: string; expected: Range; found: Named }) =>
    `${expected.max === 0 ? 'No key' : capital(lengthText(expected, 'key'))} should match ${pattern}; ${found.count === 0 ? 'none does' : `${found.count === 1 ? '1 does' : `${found.count} do`}: ${found.names}`}.`,
  'wrong-names': ({ pattern, expected, missing, extra }: WrongNames) =>
    `The keys that match ${pattern} should be ${
      expected.count === 0 ? 'none' : `${expected.names} (${lengthText(only(expected.count), 'key')})`
    }; ${[...(missing ? [areMissing(missing)] : []), ...(extra ? [`${extra.names} should not be there`] : [])].join(', and ')}.`,

  // Keys that no check names.
  gone: ({ keys }: { keys: Named }) =>
    `${keys.names} ${keys.count === 1 ? 'is' : 'are'} gone; ${notPart(keys)}.`,
  changed: ({ key, expected, actual, part }: Differs & { part?: true }) =>
    part
      ? `${key} should be as it was, ${partText(expected, actual)}, and it was not part of the task.`
      : `${key} should be as it was, ${expected}; it is ${actual}, and it was not part of the task.`,
  'all-changed': ({ keys }: { keys: Named }) =>
    `${keys.names} ${keys.count === 1 ? 'holds' : 'hold'} something else now; ${notPart(keys)}.`,
  'expiry-moved': ({ key }: OfKey) =>
    `${key} was not part of the task, and it no longer expires when it would have.`,
  'expiry-changed': ({ key, expected, actual }: OfKey & { expected: Span | null; actual: Span | null }) =>
    `${key} should have ${expiryText(expected)}, as before; it has ${expiryText(actual)}, and it was not part of the task.`,
  'expiries-changed': ({ keys }: { keys: Named }) =>
    `${keys.names} have another expiry now; ${notPart(keys)}.`,

  // What was done.
  'not-used': ({ asked, undone }: { asked: string; undone?: string }) =>
    undone === undefined
      ? `This task asks for ${asked}.`
      : `${undone} was not carried out; this task asks for ${asked}.`,
  used: ({ commands }: { commands: string }) => `${commands} should not be used here.`,
  'not-written': ({ keys, gone }: { keys: Named; gone: boolean }) =>
    `${keys.names} should be written by ${ONE_STEP}; ${
      gone
        ? `${keys.count === 1 ? 'it is' : 'they are'} gone again`
        : `no command that writes to ${keys.count === 1 ? 'it' : 'them'} was seen`
    }.`,
  'expiry-besides': ({ keys, command, key }: { keys: Named; command: string; key: string }) =>
    `${keys.names} ${keys.count === 1 ? 'was' : 'were'} written in one step, but ${command} changed the expiry of ${key}, which was not part of the task.`,
  'several-steps': ({ keys, actual }: { keys: Named; actual: string }) =>
    `${keys.names} should be written by ${ONE_STEP}; it took ${actual}.`,

  // What was answered.
  'wrong-reply': ({ command, item, actual, ...wanted }: Answered & WrongReply) =>
    `${command} ${answered(item)} ${actual}; ${expectedText(wanted)}.`,
  'no-reply-yet': ({ command, ...wanted }: Answered & { command: string }) =>
    `${command} has no answer yet; ${expectedText(wanted)}.`,
  'other-command': ({ command, item, expected, asked }: OtherCommand) =>
    `${command} ${answered(item)} ${expected}; this task asks for ${asked}.`,
  'no-such-reply': ({ item, expected }: { item?: number; expected: string }) =>
    `No command has ${answered(item)} ${expected} yet.`,
  'wrong-times': ({ expected, times, actual, command, answer }: WrongTimes) =>
    times === 0
      ? `${command} answered ${answer}.`
      : `${expected} should be the answer to ${count(times, 'command')}; it was that to ${count(actual, 'command')}.`,
  'not-connected': ({ expected, actual }: { expected: string; actual?: string }) =>
    `The URL should lead to the user ${expected}; ${actual === undefined ? 'none has led anywhere yet' : `it led to ${actual}`}.`,

  // What was published, and came.
  'not-published': ({ message, channel, instead }: { message: string; channel: string; instead?: string }) =>
    `${message} should be published on ${channel}; ${instead === undefined ? 'nothing was published yet' : `what was published is ${instead}`}.`,
  'heard-by': ({ message, channel, expected, actual }: HeardBy) =>
    `${message} on ${channel} should reach ${lengthText(expected, 'client')}; it reached ${actual === 0 ? 'nobody' : count(actual, 'client')}.`,
  'not-subscribed': ({ name, pattern, instead }: { name: string; pattern: boolean; instead?: Named }) =>
    `${name} should be subscribed to${pattern ? ' as a pattern' : ''}; ${instead === undefined ? 'no subscription was seen' : `what was subscribed to is ${instead.names}`}.`,
  'not-received': ({ expected, actual, on }: { expected: Named; actual?: Named; on?: string }) =>
    `${expected.names} should come${expected.count > 1 ? ', in this order' : ''}; ${actual === undefined ? `nothing came${on === undefined ? '' : ` on ${on}`}` : `${actual.names} came`}.`,

  unanswered: () => 'There is no answer yet; type .answer and your answer.',
  'no-choice': ({ answer, choices }: { answer: string; choices: string[] }) => {
    const all = choices.join(', ');
    return all.length < 80
      ? `${answer} is not one of the choices: ${all}.`
      : `${answer} is not one of the ${choices.length} choices. Type .answer alone to choose.`;
  },
  'wrong-answer': ({ answer, number }: { answer: string; number: boolean }) =>
    `${answer} is not it${number ? ': a number is asked for' : ''}.`,

  /** None of several ways to be right: what is amiss with the nearest. */
  'no-way': ({ facts }: { facts: readonly { code: string }[] }): string => textOfAll(facts),

  // What never came to a state to judge.
  unfinished: ({ what }: { what: string }) => `The answer ${what}.`,
  'code-failed': ({ what }: { what: string }) => `The code failed: ${what.replace(/\.$/, '')}.`,
  /** What a learner's module must do, and does not; `place` is in their own file, with the line that stands there. */
  'case-failed': ({ said, expected, actual, place }: CaseFailed) =>
    [
      said,
      ...(expected === undefined ? [] : [`Expected: ${expected}; it was: ${actual}.`]),
      ...(place ? [placeText(place)] : []),
    ].join(' '),
  'module-wanted': () =>
    'This exercise asks for a module; an answers file hands it in by a line "@file NAME".',
  'connection-lost': () => 'The connection to Redis was lost as the answer ran.',
};

interface CaseFailed {
  said: string;
  expected?: string;
  actual?: string;
  place?: { file: string; line: number; text: string };
}

/** `take.js:7: await client.set(key, value)`. */
function placeText({ file, line, text }: NonNullable<CaseFailed['place']>): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return `${name}:${line}${text === '' ? '' : `: ${text}`}`;
}

interface HeardBy {
  message: string;
  channel: string;
  expected: Range;
  actual: number;
}

interface WrongExpiry extends OfKey {
  expected: Range;
  actual: Span;
  /** Whether that is what was set, and much of it has passed. */
  wasSet: boolean;
}

interface WrongNames {
  pattern: string;
  expected: Named;
  missing?: Named;
  extra?: Named;
}

interface WrongReply {
  command: string;
  item?: number;
  actual: string;
  /** The server's, where it answered an error. */
  error?: string;
}

interface OtherCommand {
  command: string;
  item?: number;
  expected: string;
  asked: string;
}

/** As data: `{ code: 'missing', key: 'session:xyz' }`. */
export type Fact = Entry<typeof FACTS>;

/** Facts within a fact, whose type would go round in a circle. */
function textOfAll(facts: readonly { code: string }[]): string {
  return facts.map((fact) => factText(fact as Fact)).join(' ');
}

export function factText(fact: Fact): string {
  return sentenceOf(FACTS, fact);
}

/** What is to have made all of it. */
export const ONE_STEP = 'one command, one transaction or one script';

/** `no expiry`, `an expiry in 30 s`. */
export function expiryText(left: Span | null): string {
  return left === null ? 'no expiry' : `an expiry in ${duration(Math.ceil(left.ms / 1000) * 1000)}`;
}

function when(expected: Range | { at: number }): string {
  return 'at' in expected ? `at ${momentText(expected.at)}` : `in ${durations(expected)}`;
}

/** Of much, only what differs: nothing of it may be left, or may have been there. */
function partText(expected: string, actual: string): string {
  if (expected === 'nothing') return `without ${actual}; that is in it now`;
  return actual === 'nothing'
    ? `with ${expected}; that is missing now`
    : `with ${expected}; it has ${actual} instead`;
}

function notPart({ count }: Named): string {
  return `${count === 1 ? 'it was' : 'they were'} not part of the task`;
}

function answered(item: number | undefined): string {
  return item === undefined ? 'answered' : `answered, at index ${item},`;
}

function expectedText({ expected, many }: Answered): string {
  return `${expected} ${many ? 'were' : 'was'} expected`;
}

function only(count: number): Range {
  return { min: count, max: count };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
