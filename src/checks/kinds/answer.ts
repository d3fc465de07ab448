import type { AnswerCheck } from '../../course/course.ts';
import type { JudgeContext } from '../context.ts';
import { parseNumber, sameAsNumbers } from '../values/numeric.ts';
import { type CheckResult, resultOf } from '../verdict.ts';
import { show } from '../words/show.ts';

/** Neither the message nor `expected` tells the right answer. */
export function judgeAnswer(check: AnswerCheck, context: JudgeContext): CheckResult {
  const expected = check.choices ? `the right one of ${check.choices.length} choices` : 'the right answer';
  const given = context.answer?.trim() ?? '';
  if (given === '') {
    const message = 'There is no answer yet; type .answer and your answer.';
    return resultOf('answer', { expected, actual: 'no answer', message }, check.why);
  }
  const chosen = chosenFrom(check.choices, given);
  if (check.choices && chosen === undefined) return noChoice(check.choices, given, expected);
  const actual = show(chosen ?? given);
  if (check.answers.some((right) => isSame(right, chosen ?? given)))
    return resultOf('answer', { expected, actual });
  return resultOf(
    'answer',
    { expected, actual, message: `${actual} is not ${notWhat(check, given)}.` },
    check.why,
  );
}

/** A choice may be given by its number, counted from 1: not where choices are numbers themselves. */
function chosenFrom(choices: string[] | undefined, given: string): string | undefined {
  const written = choices?.find((choice) => isSame(choice, given));
  if (!choices || written !== undefined || choices.some(isNumber)) return written;
  return /^\d{1,3}$/.test(given) ? choices[Number(given) - 1] : undefined;
}

/** The author's words are about a wrong choice; this is none. */
function noChoice(choices: string[], given: string, expected: string): CheckResult {
  const all = choices.join(', ');
  const message =
    all.length < 80
      ? `${show(given)} is not one of the choices: ${all}.`
      : `${show(given)} is not one of the ${choices.length} choices. Type .answer alone to choose.`;
  return resultOf('answer', { expected, actual: show(given), message });
}

function notWhat({ answers }: AnswerCheck, given: string): string {
  return answers.length > 0 && answers.every(isNumber) && !isNumber(given)
    ? 'it: a number is asked for'
    : 'it';
}

function isNumber(text: string): boolean {
  return parseNumber(bare(text)) !== null;
}

function isSame(right: string, given: string): boolean {
  if (right.trim() === given) return true;
  const [wanted, is] = [bare(right), bare(given)];
  return wanted === is || sameAsNumbers(wanted, is);
}

/**
 * As a person means it, whatever the case, the white space and the bytes of an accent. A reply copied from the screen
 * is the answer too: `(integer) 3`, `(nil)` or `"ann"`.
 */
function bare(text: string): string {
  const words = text.normalize().toLowerCase().trim().replace(/\s+/g, ' ');
  const copied =
    /^\((?:integer|double)\) (\S+)$/.exec(words) ??
    /^\((nil)\)$/.exec(words) ??
    /^["'`](.*)["'`]$/.exec(words);
  return copied?.[1] ?? words;
}
