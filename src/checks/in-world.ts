import { isDeepStrictEqual } from 'node:util';
import type { CheckResult, Verdict } from './verdict.ts';
import { idOf } from './words/id.ts';
import { messageOf } from './words/message.ts';
import { some } from './words/show.ts';
import type { There } from './words/there.ts';
import type { WorldEvent, WorldStory } from './world-story.ts';

/**
 * The verdict on an answer whose own checks hold, and that does not hold in a world; `untouched` is what the world's
 * checks say of its given state.
 */
export function inWorld(own: Verdict, there: Verdict, untouched: Verdict, story: WorldStory): Verdict {
  // What was to be left alone is no result.
  const isGiven = ({ id }: CheckResult) =>
    untouched.checks.some((one) => one.id === id && one.status === 'passed');
  const failed = there.checks.filter(({ status }) => status === 'failed');
  const checks = failed.map((check): CheckResult => {
    // What is the same whatever it was made from was not made from it.
    const typed = story.kind === 'given' && !isGiven(check) && own.checks.some((one) => isSame(one, check));
    const result: CheckResult = {
      ...check,
      world: story.number,
      there: thereOf(story),
      ...(typed && { reason: { code: 'typed-result' } as const }),
    };
    return { ...result, id: idOf(result), message: messageOf(result) };
  });
  return { status: 'failed', checks: [...own.checks, ...checks], world: story };
}

/** The same value under a key, or the same list as an answer: one number alone may be the same by chance. */
function isSame(one: CheckResult, other: CheckResult): boolean {
  if (one.kind !== other.kind || one.actual !== other.actual) return false;
  if (one.kind === 'reply') return other.fact?.code === 'wrong-reply' && other.fact.many;
  const ofValue = one.property !== 'ttl' && one.property !== 'expireat';
  return (
    ofValue && one.kind === 'key' && isDeepStrictEqual(one.key, other.key) && one.property === other.property
  );
}

function thereOf({ kind, where, given, events }: WorldStory): There {
  const others = events.filter(({ by }) => by === 'other');
  const lines = kind === 'given' ? given : others.map(({ command }) => command);
  const at = kind === 'dies' ? events.length : events.findIndex(({ by }) => by === 'other');
  const [before, after] = [events[at - 1], events.slice(Math.max(0, at)).find(({ by }) => by === 'you')];
  return {
    kind,
    ...(where !== undefined && { where }),
    lines: some(lines, (line) => line),
    ...(before && { before: nameIn(before) }),
    ...(after && { after: nameIn(after) }),
  };
}

function nameIn({ command }: WorldEvent): string {
  return command.split(' ', 1)[0]!.toUpperCase();
}
