import { type Fact, factText } from './facts.ts';
import { mistakeText } from './mistakes.ts';
import { type Reason, reasonText } from './reasons.ts';
import { type There, thereText } from './there.ts';

/** What a message is made of. */
export interface Findings {
  /** What should be otherwise. Absent where all is as it should be. */
  fact?: Fact;
  /** The likely mistake, where it shows. */
  reason?: Reason;
  /** The author's own words. */
  why?: string;
  /** What alone helps now, said last. */
  next?: 'reset';
  /** In which world it was found. */
  there?: There;
}

/** Where the author explains the check, that says more than these, and stands alone; not in another world. */
const STOPGAPS: ReadonlySet<Fact['code']> = new Set(['not-used', 'no-such-reply', 'no-way', 'wrong-times']);

/**
 * One breath: the key, what was expected, what is there, the most likely mistake; without the last where that was said
 * before, unless it takes the place of the author's words. Empty where nothing is wrong.
 */
export function messageOf(findings: Findings, { isReasonSaid = false } = {}): string {
  const { fact, reason } = findings;
  if (!fact) return '';
  const isLess = STOPGAPS.has(fact.code) && !findings.there && authorsWords(findings);
  const first = isLess ? undefined : factText(fact);
  const isSaid = reason && isReasonSaid && !NOTHING_RAN.has(reason.code);
  const said = joined(first, reason && !isSaid && reasonText(reason), ...endOf(findings));
  return findings.there ? `${thereText(findings.there)}: ${said}` : said;
}

/**
 * What is left to say where the server's error stands on the screen already: nothing of the error and of what comes
 * before it. Undefined where the message does not speak of that error.
 */
export function messageBeyond(error: string, findings: Findings): string | undefined {
  const { fact, reason } = findings;
  if (reason?.code === 'failed' && reason.error === error) {
    return joined(reason.mistake && mistakeText(reason.mistake), ...endOf(findings));
  }
  if (fact?.code !== 'wrong-reply' || fact.error !== error) return undefined;
  return joined(reason && reasonText(reason), ...endOf(findings));
}

/** Tells whether a message says something new: all that it is made of but times, which run on by themselves. */
export function gistOf({ fact, reason, why, there }: Findings): string {
  return JSON.stringify([fact, reason, why, there], (_, part) =>
    typeof part === 'object' && part !== null && 'ms' in part ? null : part,
  );
}

/** Of a transaction that has not run, the author's words about what was done are beside the point. */
const NOTHING_RAN: ReadonlySet<Reason['code']> = new Set([
  'queued',
  'discarded',
  'watched-key-changed',
  'transaction-refused',
]);

function authorsWords({ reason, why }: Findings): string | undefined {
  return reason && NOTHING_RAN.has(reason.code) ? undefined : why;
}

/** The author may tell to begin again in words of their own. */
function endOf(findings: Findings): (string | undefined)[] {
  const why = authorsWords(findings);
  return [why, findings.next && !why?.includes('.reset') ? '.reset begins again.' : undefined];
}

function joined(...parts: (string | false | undefined)[]): string {
  return parts.filter((part) => part).join(' ');
}
