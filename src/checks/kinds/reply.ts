import type { ReplyCheck } from '../../course/course.ts';
import { globMatch, patternWords } from '../../course/pattern.ts';
import { groupOf, hasCursor, runsScript } from '../../redis/command-facts.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import { argumentMistake } from '../evidence/argument-mistake.ts';
import { type Execution, errorOf, word } from '../evidence/execution.ts';
import { limitOf } from '../evidence/scores.ts';
import { calledBy, isLikeAny } from '../evidence/script-calls.ts';
import { notCarriedOut } from '../evidence/undone.ts';
import type { Judgement } from '../result.ts';
import {
  type Comparable,
  comparable,
  comparableValue,
  inOrder,
  MOST,
  type Order,
  orderOf,
  sameAnswer,
  showComparable,
} from '../values/comparable.ts';
import { parseNumber } from '../values/numeric.ts';
import type { About, CheckResult } from '../verdict.ts';
import { commandInWords } from '../words/command-words.ts';
import type { Reason } from '../words/reasons.ts';
import { answerText, cursorText } from '../words/reply.ts';
import { count, showCommand, showError, showKey, showName } from '../words/show.ts';

/** Some command that matches `to`, or a script that ran such a one, must have answered `reply`. */
export function judge(check: ReplyCheck, context: JudgeContext): [About, Judgement][] {
  return [[{ kind: 'reply', command: check.to ?? '*' }, judgeReply(check, context)]];
}

export function describe({ expected }: CheckResult): string {
  return `the answer ${expected}`;
}

export function mentions({ to, reply, or = [], item }: ReplyCheck): Mentions {
  return {
    ...(to !== undefined && { commands: [to] }),
    ...(item === undefined && { replies: [reply, ...or] }),
  };
}

/** What is asked for, as one compares it and as one shows it. */
interface Wanted {
  /** The first is shown, and explained by. */
  reply: Comparable;
  replies: Comparable[];
  expected: string;
  many: boolean;
  /** Judges this element alone. */
  item: number | undefined;
}

function judgeReply(check: ReplyCheck, context: JudgeContext): Judgement {
  const reply = comparableValue(check.reply);
  const replies = [reply, ...(check.or ?? []).map(comparableValue)];
  const expected = [...new Set(replies.map(showComparable))].join(', or ');
  const many = Array.isArray(reply) && reply.length > 1;
  const wanted: Wanted = { reply, replies, expected, many, item: check.item };
  const like = executionsBy(check, context).filter(
    (execution) => check.to === undefined || isLikeAny([check.to], execution),
  );
  const asked = like.filter((execution) => isOfDatabase(check.db ?? context.db, execution));
  const answered = asked.filter((execution) => execution.reply);
  const answering = answered.filter((execution) => answers(execution, wanted));
  const right = answering.length;
  const { times } = check;
  if (times !== undefined && times !== right) {
    const actual = count(right, 'command');
    const [first] = answering;
    const one = first && {
      command: showCommand(first.args),
      answer: shown(first, check.item) ?? '(nil)',
    };
    return { expected, actual, fact: { code: 'wrong-times', expected, times, actual: right, ...one } };
  }
  if (right > 0 || times === 0) return { expected, actual: expected };

  const last = likeliest(answered, wanted, check, context);
  if (last) return wrongReply(last, wanted, context);
  const unanswered = asked.findLast((execution) => !execution.reply);
  if (!unanswered) return notAsked(check, wanted, asked.length > 0 ? undefined : like.at(-1), context);
  return {
    expected,
    actual: 'no reply to be seen',
    fact: { code: 'no-reply-yet', command: showCommand(unanswered.args), expected, many },
    reason: notCarriedOut(unanswered, context),
  };
}

/** Whether it tells of this database: what another one answers of its keys does not. */
function isOfDatabase(db: number, execution: Execution): boolean {
  return execution.db === db || /^(connection|server|pubsub)$/.test(groupOf(execution.args));
}

function executionsBy({ by }: ReplyCheck, { executions, others }: JudgeContext): readonly Execution[] {
  if (by === undefined) return executions;
  return by === 'other' ? others : [...executions, ...others];
}

/**
 * The command that was probably meant: one that failed, or whose answer is of the same form and is not what another
 * check asks for. Where the check names no command, none whose doings are judged by what they leave; and of several
 * answers that nobody asks for, the last ones, in the order of the checks that none has met.
 */
function likeliest(
  answered: readonly Execution[],
  { reply }: Wanted,
  { to }: ReplyCheck,
  context: JudgeContext,
): Execution | undefined {
  // What failed and was then done rightly is no matter any more.
  const isMended = (one: Execution) =>
    answered.slice(answered.indexOf(one) + 1).some(({ name, fate }) => name === one.name && fate === 'ran');
  const hasFailed = (one: Execution) => one.fate === 'failed' && !isMended(one);
  const asked = answered.filter((execution) => !isTalk(execution));
  const meant =
    to === undefined
      ? asked.filter((execution) => hasFailed(execution) || !servesOther(execution, context))
      : asked;
  const reads = meant.filter((execution) => hasFailed(execution) || !execution.writes);
  const likely = reads.length > 0 ? reads : meant;
  const alike = likely.filter(
    (execution) => hasFailed(execution) || formOf(comparable(execution.reply!)) === formOf(reply),
  );
  if (to !== undefined) return alike.at(-1) ?? likely.at(-1) ?? answered.at(-1);
  const open = context.wantedReplies.filter(
    (wanted) =>
      (formOf(wanted) === formOf(reply) || alike.some(hasFailed)) &&
      !answered.some((execution) => isAnswer(wanted, execution)),
  );
  const place = open.findIndex((wanted) => sameAnswer(wanted, reply));
  const asking = alike.length > 0 ? alike : likely;
  if (place < 0) return asking.at(-1);
  return asking.length < open.length ? asking[place] : asking.at(place - open.length);
}

function formOf(reply: Comparable): 'list' | 'nil' | 'one' {
  return Array.isArray(reply) ? 'list' : reply === null ? 'nil' : 'one';
}

/** Of the right command, with which words; else which command. */
function askedInstead(to: string, { name }: Execution): string {
  const [wanted = '', ...words] = patternWords(to);
  const plain = words.filter((word) => !/[*?]/.test(word));
  const same = plain.length > 0 && globMatch(wanted.toUpperCase(), name);
  return same ? [name, ...plain.map(showName)].join(' ') : commandInWords([to]);
}

/** Whether another check judges it: by what it answers, or by what it leaves. */
function servesOther(execution: Execution, context: JudgeContext): boolean {
  if (execution.writes && execution.keys.some((key) => context.isNamed(key))) return true;
  return answersOf(execution).some((one) => context.isWantedReply(one, execution.args));
}

/**
 * No command of the kind has answered: what it would be is for the learner to find. `astray`: one that went to another
 * database.
 */
function notAsked(
  { to, why, by, db }: ReplyCheck,
  wanted: Wanted,
  astray: Execution | undefined,
  context: JudgeContext,
): Judgement {
  const { expected } = wanted;
  const found = { expected, actual: 'nothing was run' };
  const item = itemPart(wanted);
  const other = (by === undefined ? context.executions : []).findLast(
    (execution) => isOfDatabase(db ?? context.db, execution) && execution.reply && answers(execution, wanted),
  );
  if (other) {
    const [command, asked] = [showCommand(other.args), askedInstead(to ?? '*', other)];
    return { ...found, fact: { code: 'other-command', command, ...item, expected, asked } };
  }
  return {
    ...found,
    fact:
      to === undefined
        ? { code: 'no-such-reply', ...item, expected }
        : { code: 'not-used', asked: commandInWords([to]) },
    // Where another database is asked for, to find it is the task.
    reason: whyNotAsked(why, db === undefined ? astray : undefined, context),
  };
}

function whyNotAsked(
  why: string | undefined,
  astray: Execution | undefined,
  context: JudgeContext,
): Reason | undefined {
  if (context.outside) return { code: 'outside', ...context.outside };
  if (context.silent) return { code: 'nothing-sent' };
  if (astray) return { code: 'other-database', command: astray.name, db: astray.db, expected: context.db };
  return why === undefined ? lastAnswer(context) : undefined;
}

function itemPart({ item }: Wanted): { item?: number } {
  return item === undefined ? {} : { item };
}

/** What was asked instead, and serves no other check. */
function lastAnswer(context: JudgeContext): Reason | undefined {
  const last = context.executions.findLast(
    (execution) =>
      execution.reply && !execution.writes && !isTalk(execution) && !context.isAskedFor(execution.args),
  );
  return last && { code: 'answered-otherwise', command: showCommand(last.args), answer: replyText(last) };
}

/** Of what a script answers, the order is that of what it called: where that has none, it has none. */
function orderOfAnswer(execution: Execution): Order {
  const called = calledBy(execution).map((name) => name.split(' ').map((word) => Buffer.from(word)));
  return called.some((args) => orderOf(args) !== 'list') ? 'bag' : orderOf(execution.args);
}

/** Whether its reply tells nothing of the data. */
function isTalk({ name, args }: Execution): boolean {
  return name === 'COMMAND' || ['connection', 'transactions'].includes(groupOf(args));
}

function replyText(execution: Execution): string {
  const error = errorOf(execution);
  return error === undefined ? shown(execution)! : `(error) ${showError(error)}`;
}

/** Its reply, or one element of it, in one line; undefined where there is no such element. */
function shown(execution: Execution, item?: number): string | undefined {
  const is = partOf(execution, item);
  if (is === undefined) return undefined;
  if (item === 0 && hasCursor(execution.args)) return cursorText(is);
  if (item === undefined && hasCursor(execution.args)) return answerText(is, execution.args);
  return showComparable(inOrder(is, orderOfAnswer(execution)));
}

function wrongReply(execution: Execution, wanted: Wanted, context: JudgeContext): Judgement {
  const { expected, many, item } = wanted;
  const failed = execution.fate === 'failed';
  const is = partOf(execution, item);
  const actual = failed ? replyText(execution) : (shown(execution, item) ?? `no element ${item}`);
  return {
    expected,
    actual,
    fact: {
      code: 'wrong-reply',
      command: showCommand(execution.args),
      ...itemPart(wanted),
      actual,
      ...(failed && { error: showError(errorOf(execution) ?? '') }),
      expected,
      many,
    },
    reason: failed
      ? argumentMistake(execution, context)
      : is !== undefined
        ? replyMistake(execution, wanted.reply, is, context)
        : undefined,
  };
}

function answers(execution: Execution, { replies, item }: Wanted): boolean {
  if (item === undefined) return replies.some((reply) => isAnswer(reply, execution));
  const is = partOf(execution, item);
  return is !== undefined && replies.some((reply) => sameAnswer(reply, is, orderOfAnswer(execution)));
}

function isAnswer(reply: Comparable, execution: Execution): boolean {
  return answersOf(execution).some((is) => sameAnswer(reply, is, orderOfAnswer(execution)));
}

/** All that one reply answers: a script may bring several replies home in a list, and WITHSCORE adds to a rank. */
function answersOf(execution: Execution): Comparable[] {
  const whole = comparable(execution.reply!);
  if (!Array.isArray(whole)) return [whole];
  if (runsScript(execution.args)) return [whole, ...whole];
  return hasWord(execution, /^WITHSCORE$/) ? [whole, ...whole.slice(0, 1)] : [whole];
}

function partOf({ reply }: Execution, item: number | undefined): Comparable | undefined {
  const whole = comparable(reply!);
  if (item === undefined) return whole;
  return Array.isArray(whole) ? whole.at(item) : undefined;
}

function replyMistake(
  execution: Execution,
  wanted: Comparable,
  is: Comparable,
  context: JudgeContext,
): Reason | undefined {
  const [key] = execution.keys;
  if (key !== undefined && isNothing(is) && !context.now.has(key) && !context.given.has(key))
    return { code: 'no-key', name: showKey(key) };
  if (execution.name === 'ZCOUNT') return limitMistake(execution);
  if (!Array.isArray(wanted) || !Array.isArray(is)) return undefined;
  if (wanted.length > 1 && sameAnswer(wanted.toReversed(), is)) return { code: 'reversed' };
  if (hasScores(wanted) && sameAnswer(members(wanted), is)) return { code: 'scores-missing' };
  if (hasScores(is) && sameAnswer(wanted, members(is))) return { code: 'scores-not-asked' };
  if (orderOfAnswer(execution) !== 'list') return undefined;
  const range = rangeMistake(execution, hasScores(wanted) ? members(wanted) : wanted, context);
  if (range) return range;
  const limit = execution.args.findIndex((_, index) => index > 3 && word(execution, index) === 'LIMIT');
  if (limit > 0 && word(execution, limit + 2) === '0') return { code: 'limit-counts' };
  if (
    is.length > wanted.length + 1 &&
    hasWord(execution, /^LIMIT$/) &&
    sameAnswer(wanted, is.slice(0, wanted.length))
  )
    return { code: 'limit-counts' };
  if (is.length === wanted.length + 1 && sameAnswer(wanted, is.slice(0, -1)))
    return { code: 'one-too-many', byIndex: byIndex(execution) };
  if (is.length > 0 && is.length === wanted.length - 1 && sameAnswer(wanted.slice(0, -1), is))
    return { code: 'last-missing' };
  const index = wanted.findIndex((item, at) => !sameAnswer(item, is[at] ?? null));
  return index > 0 && Math.max(wanted.length, is.length) > MOST
    ? { code: 'parts-at-index', index }
    : undefined;
}

/** What Redis answers of a key that is not there. */
function isNothing(is: Comparable): boolean {
  return is === null || (Buffer.isBuffer(is) ? is.toString() === '0' : is.length === 0);
}

/** The mistake in a range of a sorted set: walked in the wrong direction, or its limits swapped. */
function rangeMistake(execution: Execution, wanted: Comparable[], context: JudgeContext): Reason | undefined {
  if (!/^Z(REV)?RANGE(BYSCORE)?$/.test(execution.name)) return undefined;
  const down = walksDown(execution);
  const value = context.now.get(execution.keys[0] ?? '')?.value;
  const order = value?.kind === 'zset' ? value.members.map(({ member }) => member) : [];
  const ranks = wanted.map((item) => order.findIndex((member) => sameAnswer(item, member)));
  const steps = ranks.slice(1).map((rank, index) => rank - ranks[index]!);
  if (steps.length > 0 && !ranks.includes(-1)) {
    if (!down && steps.every((step) => step < 0)) return { code: 'goes-up', command: inDirection(execution) };
    if (down && steps.every((step) => step > 0))
      return { code: 'goes-down', command: inDirection(execution) };
  }
  const byScore = execution.name.endsWith('BYSCORE') || hasWord(execution, /^BYSCORE$/);
  return byScore ? limitMistake(execution) : undefined;
}

/** Of a range of scores that holds nothing, whatever the scores: its limits are swapped. */
function limitMistake(execution: Execution): Reason | undefined {
  const [from, to] = [limitOf(execution, 2), limitOf(execution, 3)];
  if (walksDown(execution)) {
    return from < to ? { code: 'upper-limit-first', command: inDirection(execution) } : undefined;
  }
  return from > to ? { code: 'lower-limit-first', command: inDirection(execution) } : undefined;
}

function walksDown(execution: Execution): boolean {
  return execution.name.startsWith('ZREV') || hasWord(execution, /^REV$/);
}

function inDirection(execution: Execution): string {
  if (execution.name !== 'ZRANGE') return execution.name;
  return walksDown(execution) ? 'ZRANGE with REV' : 'ZRANGE without REV';
}

function hasWord(execution: Execution, option: RegExp): boolean {
  return execution.args.some((_, index) => index > 0 && option.test(word(execution, index)));
}

/** Whether it was asked for by the first and the last index. */
function byIndex(execution: Execution): boolean {
  return /^(Z(REV)?|L)RANGE$/.test(execution.name) && !hasWord(execution, /^BY/);
}

function hasScores(list: Comparable[]): boolean {
  const scores = list.filter((_, index) => index % 2 === 1);
  return (
    scores.length > 0 &&
    scores.every((score) => Buffer.isBuffer(score) && parseNumber(score.toString()) !== null)
  );
}

function members(list: Comparable[]): Comparable[] {
  return list.filter((_, index) => index % 2 === 0);
}
