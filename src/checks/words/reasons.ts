import { duration, type Span } from './duration.ts';
import { MISTAKES, type Mistake, mistakeText, type TimeUnit } from './mistakes.ts';
import { type Entry, sentenceOf } from './table.ts';

interface ByCommand {
  command: string;
}

/** Why a check fails, one entry a reason. Commands, values and names in it are as `show` writes them. */
export const REASONS = {
  ...MISTAKES,

  // What became of a command.
  outside: ({ said }: { said?: string }) =>
    said === undefined
      ? 'Nothing was sent to its server: .connect URL leads there.'
      : `Nothing was sent to its server, as .connect led nowhere: ${said}.`,
  'nothing-sent': () =>
    'Your code has sent Redis no command: what is queued on a transaction or a pipeline, exec() or execute() sends.',
  failed: ({ command, error, mistake }: ByCommand & { error: string; mistake?: Mistake }) =>
    [`Your ${command} answered an error: ${error}.`, ...(mistake ? [mistakeText(mistake)] : [])].join(' '),
  queued: ({ command }: ByCommand) => `Your ${command} waits in the transaction until EXEC.`,
  discarded: ({ command }: ByCommand) => `Your ${command} was queued, and DISCARD dropped it.`,
  'watched-key-changed': () => 'EXEC answered (nil): a watched key had changed, so nothing ran.',
  'transaction-refused': () => 'EXEC refused the transaction, because a queued command had an error.',
  'only-existing': () => 'XX sets only a key that is there already.',
  'only-new': ({ command }: ByCommand) => `${command} sets only a key that is not there yet.`,
  'only-updates': () => 'XX only updates members that are there already.',
  'only-adds': () => 'NX only adds members that are not there yet.',
  'only-greater': () => 'GT writes a score only if it is greater than the old one.',
  'only-less': () => 'LT writes a score only if it is less than the old one.',
  'all-or-none': () => 'MSETNX sets all of its keys or none, and one of them was there already.',
  'name-taken': () => 'RENAMENX does nothing where the new name is taken.',
  'expiry-condition': ({ option }: { option: ExpiryCondition }) => EXPIRY_CONDITIONS[option],
  'no-such-key': ({ command, name, answer }: ByCommand & { name: string; answer: '0' | '(nil)' }) =>
    `Your ${command} answered ${answer}: there was no ${name}.`,
  'no-key': ({ name }: { name: string }) => `There is no ${name}.`,
  'key-not-yet': ({ command }: ByCommand) => `${command} answered 0: the key was not there yet.`,
  'other-database': ({ command, db, expected }: ByCommand & { db: number; expected: number }) =>
    `Your ${command} went to database ${db}; this exercise is in database ${expected}.`,

  // What took a key, or its expiry, away.
  removed: ({ command, many }: ByCommand & { many?: boolean }) =>
    `${command} removed ${many ? 'them' : 'it'}.`,
  flushed: ({ command }: ByCommand) => `${command} removes everything.`,
  renamed: ({ command, to }: ByCommand & { to: string }) => `${command} moved it to ${to}.`,
  moved: ({ to }: { to: string }) => `MOVE took it to database ${to}.`,
  emptied: ({ command }: ByCommand) => `${command} took the last of it, and what is empty is gone.`,
  'no-time': ({ command, time }: ByCommand & { time: number }) =>
    `${command} with a time of ${time} deletes at once.`,
  'past-moment': ({ command, moment, day }: ByCommand & { moment: number; day: string }) =>
    `It expired already: ${command} with a moment in the past (${moment} was ${day}) deletes at once.`,
  'ran-out': ({ expiry }: { expiry?: Span }) =>
    `Its expiry${expiry ? ` of ${duration(expiry.ms)}` : ''} has run out.`,
  'given-ran-out': () => 'The expiry it had from the start has run out.',
  'taken-away': ({ command }: ByCommand) => `${command} took it away, expiry and all.`,
  'began-anew': ({ command }: ByCommand) => `${command} removed it, and it began anew.`,
  'empty-text': ({ name }: { name: string }) => `${name} holds an empty text: the key is there all the same.`,
  'expiry-removed': ({ command }: ByCommand) => `${command} took it off.`,
  'expiry-dropped': ({ command }: ByCommand) => `Your last ${command} replaced the value and dropped it.`,

  'typed-result': () => 'Did you write the result yourself?',

  // What is there instead.
  'key-value-swapped': ({ name }: { name: string }) =>
    `${name} is there and holds that name: are key and value swapped?`,
  'name-case': ({ name }: { name: string }) => `${name} is there: names differ by case.`,
  'name-typo': ({ name }: { name: string }) => `${name} is there: a typo?`,
  'comma-in-name': ({ name }: { name: string }) =>
    `${name} is another name, with a comma of its own: only spaces stand between names.`,
  'name-too-many': ({ name }: { name: string }) => `Is ${name} a typo?`,
  'other-key': ({ name }: { name: string }) => `${name} is there instead.`,
  'spelt-otherwise': ({ value, mistake }: { value: string; mistake: Mistake }) =>
    `Is it there as ${value}? ${mistakeText(mistake)}`,
  'created-by': ({ command }: ByCommand) => `${command} made it.`,
  'changed-by': ({ command }: ByCommand) => `${command} changed it.`,
  'set-before': ({ command, by, name }: ByCommand & { by: string; name: string }) =>
    `Your ${command} changed nothing: your ${by} had stored ${name} before.`,
  'append-is-raw': () => 'APPEND leaves a raw string.',

  // What it was at the start.
  'value-as-given': () => 'That is what it held at the start.',
  'score-as-given': () => 'That is the score it had at the start.',
  'expiry-as-given': () => 'That is the expiry it had from the start.',

  // How two values differ.
  'parts-at-byte': ({ byte }: { byte: number }) => `They part at byte ${byte}.`,
  'parts-at-index': ({ index }: { index: number }) => `They part at index ${index}.`,
  'one-item': () => 'Quotes around all of them make one item of them.',
  'one-member': () => 'Quotes around all of them make one member of them.',
  'pushed-twice': () => 'Was it pushed twice?',
  'pushed-behind': () => 'RPUSH puts each new item behind the others.',
  'pushed-before': () => 'LPUSH puts each new item before the others.',
  'field-value-swapped': () => 'Field and value are swapped.',
  'score-member-swapped': () => 'Score and member are swapped: the score comes first.',
  reversed: () => 'That is the other way round.',
  'scores-missing': () => 'The scores are missing.',
  'scores-not-asked': () => 'The scores were not asked for.',
  'one-too-many': ({ byIndex }: { byIndex: boolean }) =>
    byIndex ? 'One too many: the end of the range is part of it.' : 'One too many.',
  'limit-counts': () => 'LIMIT takes how many to skip, then how many to give.',
  'goes-up': ({ command }: ByCommand) => `${command} goes up from the lowest score.`,
  'goes-down': ({ command }: ByCommand) => `${command} goes down from the highest score.`,
  'upper-limit-first': ({ command }: ByCommand) => `${command} takes the upper limit first.`,
  'lower-limit-first': ({ command }: ByCommand) => `${command} takes the lower limit first.`,
  'last-missing': () => 'The last one is missing.',
  'answered-otherwise': ({ command, answer }: ByCommand & { answer: string }) =>
    `${command} answered ${answer}.`,
  'half-done': () => 'Between them, others see it half done.',

  // A time in another unit.
  'given-as-seconds': ({ given, unit }: { given: Span; unit: 'minute' | 'hour' | 'day' }) =>
    `Is that ${given.ms / 1000} ${unit}${given.ms === 1000 ? '' : 's'}, given as seconds?`,
  'given-as-milliseconds': ({ given }: { given: Span }) => `Is that ${given.ms} s, given as milliseconds?`,
  'milliseconds-as-seconds': ({ given }: { given: Span }) =>
    `Is that ${given.ms / 1000} ms, given as seconds?`,
  'sixty-too-often': () => 'Was it multiplied by 60 once too often?',
  'moment-in-milliseconds': () => 'Is that a moment in milliseconds, given as seconds?',
  'moment-from-now': ({ unit }: { unit: TimeUnit }) =>
    `Is that a moment (Unix time), given as ${unit} from now?`,
  'other-time-zone': () => 'Is that the same hour in another time zone?',
};

const EXPIRY_CONDITIONS = {
  NX: 'NX sets an expiry only where there is none yet.',
  XX: 'XX sets an expiry only where there is one already.',
  GT: 'GT sets only a later expiry, and to have none counts as the latest.',
  LT: 'LT sets only an earlier expiry.',
};
export type ExpiryCondition = keyof typeof EXPIRY_CONDITIONS;

/** As data: `{ code: 'expiry-dropped', command: 'SET' }`. */
export type Reason = Entry<typeof REASONS>;

export function reasonText(reason: Reason): string {
  return sentenceOf(REASONS, reason);
}
