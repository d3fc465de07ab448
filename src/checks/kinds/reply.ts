import type { ReplyCheck } from '../../course/course.ts';
import { matchesCommand } from '../../course/pattern.ts';
import type { JudgeContext } from '../context.ts';
import { argumentMistake } from '../evidence/argument-mistake.ts';
import { firstLine, notCarriedOut } from '../evidence/cause.ts';
import { type Execution, errorOf, word } from '../evidence/execution.ts';
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
import { type CheckResult, type Finding, resultOf } from '../verdict.ts';
import { commandInWords } from '../words/command-words.ts';
import { count, showCommand } from '../words/show.ts';

/** Some command that matches `to` must have answered `reply`. */
export function judgeReply(check: ReplyCheck, context: JudgeContext): CheckResult {
  return resultOf(`reply:${check.to ?? '*'}`, findReply(check, context), check.why);
}

function findReply(check: ReplyCheck, context: JudgeContext): Finding {
  const wanted = comparableValue(check.reply);
  const all = [wanted, ...(check.or ?? []).map(comparableValue)];
  const expected = all.map(showComparable).join(', or ');
  const executions = { other: context.others, anyone: [...context.executions, ...context.others] };
  const asked = (check.by ? executions[check.by] : context.executions).filter(
    (execution) => check.to === undefined || matchesCommand(check.to, [...execution.args]),
  );
  const answered = asked.filter((execution) => execution.reply);
  const right = answered.filter((execution) => all.some((one) => answers(execution, one, check.item)));
  if (check.times !== undefined && check.times !== right.length) {
    const message = `${expected} should be the answer to ${count(check.times, 'command')}; it was that to ${count(right.length, 'command')}.`;
    return { expected, actual: count(right.length, 'command'), message };
  }
  if (right.length > 0 || check.times === 0) return { expected, actual: expected };

  const last = answered.at(-1);
  if (last) return wrongAnswer(last, wanted, expected, check.item, context);
  if (asked.length === 0) return notAsked(check, wanted, expected, context);
  const execution = asked.at(-1)!;
  const message = `${showCommand(execution.args)} has no answer yet; ${expectedText(wanted)}.`;
  return { expected, actual: 'no reply to be seen', message, mistake: notCarriedOut(execution, context) };
}

/** No command of the kind has answered: what it would be is for the learner to find. */
function notAsked(
  { to = '*', item, why }: ReplyCheck,
  wanted: Comparable,
  expected: string,
  context: JudgeContext,
): Finding {
  const finding = { expected, actual: 'nothing was run' };
  const what = item === undefined ? 'answered' : `answered, at index ${item},`;
  const other = context.executions.findLast(
    (execution) => execution.reply && answers(execution, wanted, item),
  );
  if (other) {
    const message = `${showCommand(other.args)} ${what} ${expected}; this task asks for ${commandInWords([to])}.`;
    return { ...finding, message };
  }
  const mistake = why === undefined ? lastAnswer(context) : undefined;
  return { ...finding, message: `No command has ${what} ${expected} yet.`, mistake, stopgap: true };
}

function expectedText(wanted: Comparable): string {
  const many = Array.isArray(wanted) && wanted.length > 1;
  return `${showComparable(wanted)} ${many ? 'were' : 'was'} expected`;
}

/** What was run instead, and serves no other check. */
function lastAnswer(context: JudgeContext): string | undefined {
  const last = context.executions.findLast(
    (execution) => execution.reply && !TALK.has(execution.name) && !context.isAskedFor(execution.args),
  );
  return last && `${showCommand(last.args)} answered ${replyText(last)}.`;
}

/** Their replies tell nothing of the data. */
const TALK = new Set([
  'SELECT',
  'MULTI',
  'EXEC',
  'DISCARD',
  'WATCH',
  'UNWATCH',
  'CLIENT',
  'COMMAND',
  'PING',
  'HELLO',
]);

function replyText(execution: Execution): string {
  const error = errorOf(execution);
  return error === undefined ? showComparable(comparable(execution.reply!)) : `(error) ${firstLine(error)}`;
}

function wrongAnswer(
  execution: Execution,
  wanted: Comparable,
  expected: string,
  item: number | undefined,
  context: JudgeContext,
): Finding {
  const failed = execution.fate === 'failed';
  const whole = comparable(execution.reply!);
  const is = item === undefined ? whole : itemOf(whole, item);
  const actual = failed ? replyText(execution) : is === undefined ? `no element ${item}` : showComparable(is);
  const what = item === undefined ? 'answered' : `answered, at index ${item},`;
  const message = `${showCommand(execution.args)} ${what} ${actual}; ${expectedText(wanted)}.`;
  return {
    expected,
    actual,
    message,
    mistake: failed
      ? argumentMistake(execution, context)
      : is
        ? replyMistake(execution, wanted, is)
        : undefined,
  };
}

function answers(execution: Execution, wanted: Comparable, item: number | undefined): boolean {
  const whole = comparable(execution.reply!);
  const is = item === undefined ? whole : itemOf(whole, item);
  return is !== undefined && sameAnswer(wanted, is, orderOf(execution.name));
}

function itemOf(reply: Comparable, index: number): Comparable | undefined {
  return Array.isArray(reply) ? reply.at(index) : undefined;
}

function replyMistake(execution: Execution, wanted: Comparable, is: Comparable): string | undefined {
  if (!Array.isArray(wanted) || !Array.isArray(is)) return undefined;
  if (wanted.length > 1 && sameAnswer(wanted.toReversed(), is)) return 'That is the other way round.';
  if (hasScores(wanted) && sameAnswer(members(wanted), is)) return 'The scores are missing.';
  if (hasScores(is) && sameAnswer(wanted, members(is))) return 'The scores were not asked for.';
  if (orderOf(execution.name) !== 'list') return undefined;
  if (is.length === wanted.length + 1 && sameAnswer(wanted, is.slice(0, -1))) {
    return byIndex(execution) ? 'One too many: the end of the range is part of it.' : 'One too many.';
  }
  if (is.length > 0 && is.length === wanted.length - 1 && sameAnswer(wanted.slice(0, -1), is))
    return 'The last one is missing.';
  const at = wanted.findIndex((item, index) => !sameAnswer(item, is[index] ?? null));
  return at > 0 && Math.max(wanted.length, is.length) > MOST ? `They part at index ${at}.` : undefined;
}

/** Whether it was asked for by the first and the last index. */
function byIndex(execution: Execution): boolean {
  return (
    /^(Z(REV)?|L)RANGE$/.test(execution.name) &&
    !execution.args.some((_, index) => /^BY/.test(word(execution, index)))
  );
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
