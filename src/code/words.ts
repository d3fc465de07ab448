import type { CaseFailure } from './failure.ts';
import type { Thrown } from './wire.ts';

/** Why a case does not hold, as a sentence. */
export function failureText(failure: CaseFailure): string {
  switch (failure.kind) {
    case 'said':
      return sentence(failure.said);
    case 'owned':
      return `${ownedText(failure)}.`;
    case 'thrown':
      return `${callText(failure.call)} threw ${thrownText(failure.error)}.`;
    case 'returned':
      return `${callText(failure.call)} returned ${failure.value}, which can't be used: ${failure.wanted}.`;
    case 'unhandled':
      return `${thrownText(failure.error)} was thrown where nobody catches it.`;
    case 'exit':
      return `The code ends its process: ${failure.error.message}.`;
    case 'unawaited':
      return `The outcome of ${failure.error.message}() is not awaited: nobody hears whether it failed, or when it is done.`;
    case 'unreadable':
      return `The module can't be read: ${thrownText(failure.error)}.`;
    case 'missing':
      return `The module should export ${failure.exports.join(' and ')}; it does not.`;
    case 'hung':
      return failure.call === ''
        ? 'The module computes without end as it is read.'
        : `${callText(failure.call)} computes without end.`;
    case 'stuck':
      return `${callText(failure.call)} never returns: it waits for something that never comes.`;
    case 'long':
      if (failure.atOnce)
        return `${callText(failure.call)} goes on and on without a pause: after ${failure.steps} steps it had not returned.`;
      return `${callText(failure.call)} goes on and on: after ${failure.steps} steps and ${Math.round(failure.now / 1000)} s of its clock it had not returned.`;
    case 'ended':
      return failure.outOfMemory
        ? 'The code took more memory than there is for it.'
        : `The code was lost: ${failure.how}.`;
  }
}

/** As in "A removed B's lock:report". */
export function ownedText({ actor, owner, key, did }: Extract<CaseFailure, { kind: 'owned' }>): string {
  const what = { removed: 'removed', replaced: 'replaced', expiry: 'gave another expiry to' }[did];
  return `${actor} ${what} ${owner}'s ${key}`;
}

/** What stands beside the row of a schedule in which the promise broke. */
export function brokeText(failure: CaseFailure): string {
  return failureText(failure).replace(/\.$/, '');
}

/** At the beginning of a sentence. A function that an export returned has no name there. */
function callText(call: string): string {
  return call.includes(' ') ? call.charAt(0).toUpperCase() + call.slice(1) : `${call}()`;
}

function thrownText({ name, message }: Thrown): string {
  return [name, message.replace(/\.$/, '')].filter(Boolean).join(': ');
}

function sentence(words: string): string {
  // What is no plain word is a name, of a key or in code, and stays as it is.
  const text = words.replace(/^[a-z](?=[a-z']*[ ,])/, (letter) => letter.toUpperCase());
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
