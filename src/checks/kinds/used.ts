import type { AvoidedCheck, UsedCheck } from '../../course/course.ts';
import { matchesCommand } from '../../course/pattern.ts';
import type { Scene } from '../context.ts';
import { notCarriedOut } from '../evidence/cause.ts';
import type { Act } from '../evidence/execution.ts';
import { setsOnlyNew, tookEffect } from '../evidence/expiry.ts';
import { some } from '../values/subject.ts';
import { type CheckResult, resultOf } from '../verdict.ts';
import { askedFor } from '../words/command-words.ts';
import { showCommand, showName } from '../words/show.ts';

/**
 * One of the patterns must match a command that ran, whoever ran it. One that failed or came too late does not count.
 * `expected` holds the patterns themselves, for machines: to a person they would tell the solution.
 */
export function judgeUsed(check: UsedCheck, scene: Scene): CheckResult {
  const expected = check.patterns.join(' or ');
  const id = `used:${check.patterns[0] ?? ''}`;
  const matching = scene.acts.filter((act) => matchesAny(check.patterns, act));
  const ran = matching.filter((act) => act.fate === 'ran' && !cameTooLate(act));
  const right = ran.find((act) => takenBefore(act, check.patterns, scene) === undefined);
  if (right) return resultOf(id, { expected, actual: showCommand(right.args) });
  const last = ran.at(-1) ?? matching.at(-1);
  const undone = last && notCarriedOut(last, scene);
  const asks = `this task asks for ${askedFor(check.patterns)}.`;
  return resultOf(
    id,
    {
      expected,
      actual: last
        ? `${showCommand(last.args)} (${last.fate === 'ran' ? 'changed nothing' : 'not carried out'})`
        : 'not used',
      message: undone ? `${showCommand(last.args)} was not carried out; ${asks}` : capital(asks),
      slip: undone ?? (last && vainly(last, check.patterns, scene)),
      stopgap: true,
    },
    check.why,
  );
}

/** None of the patterns may match a command that ran. */
export function judgeAvoided(check: AvoidedCheck, scene: Scene): CheckResult {
  const expected = `not ${check.patterns.join(' or ')}`;
  const id = `avoided:${check.patterns[0] ?? ''}`;
  const ran = scene.acts.filter((act) => act.fate === 'ran' && matchesAny(check.patterns, act));
  if (ran.length === 0) return resultOf(id, { expected, actual: 'not used' });
  const shown = some([...new Set(ran.map((act) => showCommand(act.args)))], (command) => command);
  const message = `${shown} should not be used here.`;
  return resultOf(id, { expected, actual: shown, message, next: '.reset begins again.' }, check.why);
}

/** A GETDEL that finds no key has neither read nor removed one: something else had before. */
function cameTooLate({ name, reply }: Act): boolean {
  return name === 'GETDEL' && reply?.type === 'nil';
}

function matchesAny(patterns: readonly string[], act: Act): boolean {
  return patterns.some((pattern) => matchesCommand(pattern, act.args));
}

/**
 * Of a command that sets only what is not there yet, and found its key there: the earlier write of another kind that
 * put it there. Whoever writes first and asks afterwards has not asked.
 */
function takenBefore(act: Act, patterns: readonly string[], scene: Scene): Act | undefined {
  if (!setsOnlyNew(act) || tookEffect(act) !== false) return undefined;
  return scene.acts
    .slice(0, scene.acts.indexOf(act))
    .find(
      (earlier) =>
        earlier.db === act.db &&
        earlier.writes &&
        tookEffect(earlier) !== false &&
        earlier.keys.some((key) => act.keys.includes(key) && !scene.given.has(key)) &&
        !matchesAny(patterns, earlier),
    );
}

function vainly(act: Act, patterns: readonly string[], scene: Scene): string | undefined {
  const first = takenBefore(act, patterns, scene);
  const key = first?.keys.find((one) => act.keys.includes(one));
  if (!first || key === undefined) return undefined;
  return `Your ${act.name} changed nothing: your ${first.name} had stored ${showName(Buffer.from(key, 'latin1'))} before.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
