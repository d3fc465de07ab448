import type { AnswerCheck } from '../../course/course.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import type { Judgement } from '../result.ts';
import { parseNumber, sameAsNumbers } from '../values/numeric.ts';
import type { About } from '../verdict.ts';
import { show } from '../words/show.ts';

export function judge(check: AnswerCheck, context: JudgeContext): [About, Judgement][] {
  return [[{ kind: 'answer' }, judgeAnswer(check, context.answer?.trim() ?? '')]];
}

/** The right answer is the learner's to tell. */
export function describe(): string {
  return 'your answer';
}

export function mentions(): Mentions {
  return {};
}

/** Nothing of it tells the right answer. */
function judgeAnswer({ choices, answers }: AnswerCheck, given: string): Judgement {
  const expected = choices ? `the right one of ${choices.length} choices` : 'the right answer';
  if (given === '') return { expected, actual: 'no answer', fact: { code: 'unanswered' } };
  const chosen = chosenFrom(choices, given);
  const actual = show(chosen ?? given);
  if (choices && chosen === undefined)
    return { expected, actual, fact: { code: 'no-choice', answer: actual, choices }, unexplained: true };
  if (answers.some((right) => isSame(right, chosen ?? given))) return { expected, actual };
  const number = answers.length > 0 && answers.every(isNumber) && !isNumber(given);
  return { expected, actual, fact: { code: 'wrong-answer', answer: actual, number } };
}

/** A choice may be given by its number, counted from 1: not where choices are numbers themselves. */
function chosenFrom(choices: string[] | undefined, given: string): string | undefined {
  const written = choices?.find((choice) => isSame(choice, given));
  if (!choices || written !== undefined || choices.some(isNumber)) return written;
  return /^\d{1,3}$/.test(given) ? choices[Number(given) - 1] : undefined;
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
