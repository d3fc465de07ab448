import type { ReplyCheck } from '../../course/course.ts';
import { matchesCommand } from '../../course/pattern.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import { argumentMistake } from '../evidence/argument-mistake.ts';
import { type Execution, errorOf, word } from '../evidence/execution.ts';
import { notCarriedOut } from '../evidence/undone.ts';
import type { Judgement } from '../result.ts';
import {
  type Comparable,
  comparable,
  comparableValue,
  MOST,
  orderOf,
  sameAnswer,
  showComparable,
} from '../values/comparable.ts';
import { parseNumber } from '../values/numeric.ts';
import type { About, CheckResult } from '../verdict.ts';
import { commandInWords } from '../words/command-words.ts';
import type { Reason } from '../words/reasons.ts';
import { count, showCommand, showError } from '../words/show.ts';

/** Some command that matches `to` must have answered `reply`. */
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
  const expected = replies.map(showComparable).join(', or ');
  const many = Array.isArray(reply) && reply.length > 1;
  const wanted: Wanted = { reply, replies, expected, many, item: check.item };
  const asked = executionsBy(check, context).filter(
    ({ args }) => check.to === undefined || matchesCommand(check.to, args),
  );
  const answered = asked.filter((execution) => execution.reply);
  const right = answered.filter((execution) => answers(execution, wanted)).length;
  const { times } = check;
  if (times !== undefined && times !== right) {
    const actual = count(right, 'command');
    return { expected, actual, fact: { code: 'wrong-times', expected, times, actual: right } };
  }
  if (right > 0 || times === 0) return { expected, actual: expected };

  const last = likeliest(answered, wanted, context);
  if (last) return wrongReply(last, wanted, context);
  const unanswered = asked.at(-1);
  if (!unanswered) return notAsked(check, wanted, context);
  return {
    expected,
    actual: 'no reply to be seen',
    fact: { code: 'no-reply-yet', command: showCommand(unanswered.args), expected, many },
    reason: notCarriedOut(unanswered, context),
  };
}

function executionsBy({ by }: ReplyCheck, { executions, others }: JudgeContext): readonly Execution[] {
  if (by === undefined) return executions;
  return by === 'other' ? others : [...executions, ...others];
}

/** The last command that was probably meant: its answer is of the same form, and is not what another check asks for. */
function likeliest(
  answered: readonly Execution[],
  { reply }: Wanted,
  context: JudgeContext,
): Execution | undefined {
  const shape = (is: Comparable) => (Array.isArray(is) ? 'list' : is === null ? 'nil' : 'one');
  const meant = answered.filter(({ fate, name, reply: is }) => {
    if (fate === 'failed') return true;
    const answer = comparable(is!);
    return !TALK.has(name) && shape(answer) === shape(reply) && !context.isWantedReply(answer, name);
  });
  return meant.at(-1) ?? answered.at(-1);
}

/** No command of the kind has answered: what it would be is for the learner to find. */
function notAsked({ to, why }: ReplyCheck, wanted: Wanted, context: JudgeContext): Judgement {
  const { expected } = wanted;
  const found = { expected, actual: 'nothing was run' };
  const item = itemPart(wanted);
  const other = context.executions.findLast((execution) => execution.reply && answers(execution, wanted));
  if (other) {
    const [command, asked] = [showCommand(other.args), commandInWords([to ?? '*'])];
    return { ...found, fact: { code: 'other-command', command, ...item, expected, asked } };
  }
  return {
    ...found,
    fact:
      to === undefined
        ? { code: 'no-such-reply', ...item, expected }
        : { code: 'not-used', asked: commandInWords([to]) },
    reason: why === undefined ? lastAnswer(context) : undefined,
  };
}

function itemPart({ item }: Wanted): { item?: number } {
  return item === undefined ? {} : { item };
}

/** What was asked instead, and serves no other check. */
function lastAnswer(context: JudgeContext): Reason | undefined {
  const last = context.executions.findLast(
    ({ reply, name, args, writes }) => reply && !writes && !TALK.has(name) && !context.isAskedFor(args),
  );
  return last && { code: 'answered-otherwise', command: showCommand(last.args), answer: replyText(last) };
}

/** Their replies tell nothing of the data. */
const TALK = new Set([
  ...['SELECT', 'MULTI', 'EXEC', 'DISCARD', 'WATCH', 'UNWATCH'],
  ...['CLIENT', 'COMMAND', 'PING', 'HELLO'],
]);

function replyText(execution: Execution): string {
  const error = errorOf(execution);
  return error === undefined ? showComparable(comparable(execution.reply!)) : `(error) ${showError(error)}`;
}

function wrongReply(execution: Execution, wanted: Wanted, context: JudgeContext): Judgement {
  const { expected, many, item } = wanted;
  const failed = execution.fate === 'failed';
  const is = partOf(execution, item);
  const actual = failed ? replyText(execution) : is === undefined ? `no element ${item}` : showComparable(is);
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
      : is
        ? replyMistake(execution, wanted.reply, is, context)
        : undefined,
  };
}

function answers(execution: Execution, { replies, item }: Wanted): boolean {
  const is = partOf(execution, item);
  return is !== undefined && replies.some((reply) => sameAnswer(reply, is, orderOf(execution.name)));
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
  if (execution.name === 'ZCOUNT') return limitMistake(execution);
  if (!Array.isArray(wanted) || !Array.isArray(is)) return undefined;
  if (wanted.length > 1 && sameAnswer(wanted.toReversed(), is)) return { code: 'reversed' };
  if (hasScores(wanted) && sameAnswer(members(wanted), is)) return { code: 'scores-missing' };
  if (hasScores(is) && sameAnswer(wanted, members(is))) return { code: 'scores-not-asked' };
  if (orderOf(execution.name) !== 'list') return undefined;
  const range = rangeMistake(execution, hasScores(wanted) ? members(wanted) : wanted, context);
  if (range) return range;
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
  const [from, to] = [2, 3].map(
    (index) => parseNumber(word(execution, index).replace(/^\(/, '')) ?? Number.NaN,
  );
  if (walksDown(execution)) {
    return from! < to! ? { code: 'upper-limit-first', command: inDirection(execution) } : undefined;
  }
  return from! > to! ? { code: 'lower-limit-first', command: inDirection(execution) } : undefined;
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
