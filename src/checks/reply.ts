import type { ReplyCheck } from '../course/course.ts';
import { matchesCommand } from '../course/pattern.ts';
import { groupOf } from '../redis/command-facts.ts';
import { type Act, errorOf, word } from './act.ts';
import { argumentSlip } from './argument.ts';
import { askedFor } from './asked.ts';
import { firstLine, notCarriedOut } from './explain.ts';
import { parseNumber } from './numeric.ts';
import { MOST, orderOf, type Plain, plain, plainValue, samePlain, showPlain } from './reply-match.ts';
import type { Scene } from './scene.ts';
import { showCommand } from './show.ts';
import { type CheckResult, type Finding, resultOf } from './verdict.ts';

/** Some command that matches `to` must have answered `reply`. */
export function judgeReply(check: ReplyCheck, scene: Scene): CheckResult {
  return resultOf(`reply:${check.to ?? '*'}`, findReply(check, scene), check.why);
}

function findReply(check: ReplyCheck, scene: Scene): Finding {
  const wanted = plainValue(check.reply);
  const expected = showPlain(wanted);
  const asked = scene.acts.filter((act) => check.to === undefined || matchesCommand(check.to, [...act.args]));
  const answered = asked.filter((act) => act.reply);
  const right = answered.find((act) => answers(act, wanted, check.item));
  if (right) return { expected, actual: expected };

  const last = answered.at(-1);
  if (last) return wrongAnswer(last, wanted, expected, check.item, scene);
  if (asked.length === 0) return notAsked(check, wanted, expected, scene);
  const act = asked.at(-1)!;
  const message = `${showCommand(act.args)} has no answer yet; ${expectedText(wanted)}.`;
  return { expected, actual: 'no reply to be seen', message, slip: notCarriedOut(act, scene) };
}

/** No command of the kind has answered: what it would be is for the learner to find. */
function notAsked(
  { to = '*', item, why }: ReplyCheck,
  wanted: Plain,
  expected: string,
  scene: Scene,
): Finding {
  const finding = { expected, actual: 'nothing was run' };
  const what = item === undefined ? 'answered' : `answered, at index ${item},`;
  const other = scene.acts.findLast((act) => act.reply && answers(act, wanted, item));
  if (other) {
    const message = `${showCommand(other.args)} ${what} ${expected}; this task asks for ${askedFor([to])}.`;
    return { ...finding, message };
  }
  const slip = why === undefined ? lastAnswer(scene) : undefined;
  return { ...finding, message: `No command has ${what} ${expected} yet.`, slip, stopgap: true };
}

function expectedText(wanted: Plain): string {
  const many = Array.isArray(wanted) && wanted.length > 1;
  return `${showPlain(wanted)} ${many ? 'were' : 'was'} expected`;
}

/** What was run instead, and serves no other check. */
function lastAnswer(scene: Scene): string | undefined {
  const last = scene.acts.findLast((act) => act.reply && !isTalk(act) && !scene.isAskedFor(act.args));
  return last && `${showCommand(last.args)} answered ${replyText(last)}.`;
}

/** Whether its reply tells nothing of the data. */
function isTalk({ name, args }: Act): boolean {
  return name === 'COMMAND' || ['connection', 'transactions'].includes(groupOf(args));
}

function replyText(act: Act): string {
  const error = errorOf(act);
  return error === undefined ? showPlain(plain(act.reply!)) : `(error) ${firstLine(error)}`;
}

function wrongAnswer(
  act: Act,
  wanted: Plain,
  expected: string,
  item: number | undefined,
  scene: Scene,
): Finding {
  const failed = act.fate === 'failed';
  const whole = plain(act.reply!);
  const is = item === undefined ? whole : itemOf(whole, item);
  const actual = failed ? replyText(act) : is === undefined ? `no element ${item}` : showPlain(is);
  const what = item === undefined ? 'answered' : `answered, at index ${item},`;
  const message = `${showCommand(act.args)} ${what} ${actual}; ${expectedText(wanted)}.`;
  return {
    expected,
    actual,
    message,
    slip: failed ? argumentSlip(act, scene) : is ? replySlip(act, wanted, is) : undefined,
  };
}

function answers(act: Act, wanted: Plain, item: number | undefined): boolean {
  const whole = plain(act.reply!);
  const is = item === undefined ? whole : itemOf(whole, item);
  return is !== undefined && samePlain(wanted, is, orderOf(act.args));
}

function itemOf(reply: Plain, index: number): Plain | undefined {
  return Array.isArray(reply) ? reply.at(index) : undefined;
}

function replySlip(act: Act, wanted: Plain, is: Plain): string | undefined {
  if (!Array.isArray(wanted) || !Array.isArray(is)) return undefined;
  if (wanted.length > 1 && samePlain(wanted.toReversed(), is)) return 'That is the other way round.';
  if (hasScores(wanted) && samePlain(members(wanted), is)) return 'The scores are missing.';
  if (hasScores(is) && samePlain(wanted, members(is))) return 'The scores were not asked for.';
  if (orderOf(act.args) !== 'list') return undefined;
  if (is.length === wanted.length + 1 && samePlain(wanted, is.slice(0, -1))) {
    return byIndex(act) ? 'One too many: the end of the range is part of it.' : 'One too many.';
  }
  if (is.length > 0 && is.length === wanted.length - 1 && samePlain(wanted.slice(0, -1), is))
    return 'The last one is missing.';
  const at = wanted.findIndex((item, index) => !samePlain(item, is[index] ?? null));
  return at > 0 && Math.max(wanted.length, is.length) > MOST ? `They part at index ${at}.` : undefined;
}

/** Whether it was asked for by the first and the last index. */
function byIndex(act: Act): boolean {
  return /^(Z(REV)?|L)RANGE$/.test(act.name) && !act.args.some((_, index) => /^BY/.test(word(act, index)));
}

function hasScores(list: Plain[]): boolean {
  const scores = list.filter((_, index) => index % 2 === 1);
  return (
    scores.length > 0 &&
    scores.every((score) => Buffer.isBuffer(score) && parseNumber(score.toString()) !== null)
  );
}

function members(list: Plain[]): Plain[] {
  return list.filter((_, index) => index % 2 === 0);
}
