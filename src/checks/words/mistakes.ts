import { type Entry, sentenceOf } from './table.ts';

/** What is likely wrong with one value or argument. Values and names in it are as `show` writes them. */
export const MISTAKES = {
  // A value that is nearly right.
  'quotes-in-value': () => 'The value holds the quotes themselves.',
  'quote-in-value': () => 'The value holds a quote itself.',
  'quotes-missing': () => 'Here the quotes belong to the value.',
  'comma-behind': () => 'There is a comma behind it: spaces alone part arguments.',
  'other-case': () => 'They differ only in case.',
  'other-accents': () => 'They look alike, but their accents are made of other bytes.',
  'same-number': () => 'It is the same number, but as text it is written in another way.',
  'extra-at-end': ({ what }: { what: 'space' | 'line end' }) => `It has a ${what} at the end.`,
  'missing-at-end': ({ what }: { what: 'space' | 'line end' }) => `The ${what} at its end is missing.`,
  'extra-at-start': () => 'It has a space at the start.',
  'missing-at-start': () => 'The space at its start is missing.',
  'other-white-space': () => 'They differ only in white space.',
  typo: () => 'A typo?',

  // A number that is off.
  'wrong-direction': ({ meant }: { meant: 'up' | 'down' }) =>
    `It went ${meant === 'up' ? 'down instead of up' : 'up instead of down'}.`,
  'done-twice': () => 'Was it done twice?',
  'wrong-sign': () => 'The sign is the other way round.',
  'difference-alone': () => 'That is the difference alone: it replaced what was there.',

  // Arguments that a command refused.
  'commas-in-number': ({ value }: { value: string }) =>
    `Numbers are written without commas; this one is not: ${value}.`,
  'score-first': () => 'ZADD takes the score before the member.',
  'pair-in-quotes': ({ value }: { value: string }) =>
    `Quotes make one argument of ${value}: a score and its member are two.`,
  'member-needs-quotes': ({ value }: { value: string }) => `What has a space in it needs quotes: ${value}.`,
  'value-needs-quotes': ({ value }: { value: string }) => `A value of several words needs quotes: ${value}.`,
  'key-then-value': ({ command, quote }: { command: string; quote?: string }) =>
    [
      `${command} key value: nothing stands between them.`,
      ...(quote === undefined ? [] : [`A value of several words needs quotes: ${quote}.`]),
    ].join(' '),
  'key-first': ({ command }: { command: string }) => `${command} takes the key first.`,
  'field-first': ({ command }: { command: string }) => `${command} takes the field before the number.`,
  'whole-numbers': ({ command }: { command: string }) => `${command} takes whole numbers.`,
  'ranks-not-scores': () => 'Without BYSCORE, ZRANGE takes ranks, not scores.',
  'time-before-value': ({ command, unit }: { command: string; unit: TimeUnit }) =>
    `${command} takes the ${unit} before the value.`,
  'whole-time': ({ command, unit }: { command: string; unit: TimeUnit }) =>
    `${command} takes a whole number of ${unit}.`,
};

export type TimeUnit = 'seconds' | 'milliseconds';

export type Mistake = Entry<typeof MISTAKES>;

export function mistakeText(mistake: Mistake): string {
  return sentenceOf(MISTAKES, mistake);
}
