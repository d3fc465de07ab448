import type { Reply } from '../redis/reply.ts';
import { some } from './values/subject.ts';
import type { CheckResult, Verdict } from './verdict.ts';
import { showCommand } from './words/show.ts';

/** What happened in one of an exercise's worlds. */
export interface WorldStory {
  /** Counted from 1, in the exercise. */
  number: number;
  /** What is different there. `meanwhile`: another client is at work; `dies`: the answer ends on the way. */
  kind: 'given' | 'meanwhile' | 'dies';
  /** The author's words for it. */
  where?: string;
  /** The command lines that it begins with; those that come on top of the exercise's own, where it has these. */
  given: string[];
  /** In the order in which they were answered. */
  events: WorldEvent[];
}

export interface WorldEvent {
  by: 'you' | 'other';
  args: readonly Buffer[];
  reply: Reply;
}

/** The verdict on an answer whose own checks hold, and that does not hold in a world. */
export function inWorld(own: Verdict, there: Verdict, story: WorldStory): Verdict {
  const head = headOf(story);
  const failed = there.checks.filter(({ status }) => status === 'failed');
  const checks = failed.map((check) => {
    const same = own.checks.find(({ id }) => id === check.id);
    const typed = story.kind === 'given' && check.id.startsWith('key:') && same?.actual === check.actual;
    const message = `${head}: ${check.message}${typed ? ' Did you write the result yourself?' : ''}`;
    return { ...check, id: `world:${story.number}:${check.id}`, message } satisfies CheckResult;
  });
  return { status: 'failed', checks: [...own.checks, ...checks], world: story };
}

function headOf({ kind, where, given, events }: WorldStory): string {
  if (kind === 'given')
    return where === undefined ? `Beginning with ${some(given, (line) => line)}` : `Where ${where}`;
  const first = events.findIndex(({ by }) => by === 'other');
  const [before, after] = [events[first - 1], events.find(({ by }, index) => index > first && by === 'you')];
  if (kind === 'dies') {
    const last = events.at(-1);
    return `${where === undefined ? 'Where the program dies' : `Where ${where}`} ${last ? `after its ${nameOf(last)}` : 'before its first command'}`;
  }
  const others = events.filter(({ by }) => by === 'other');
  const who = where ?? `another client runs ${some(others, ({ args }) => showCommand(args))}`;
  const when =
    before && after
      ? `between your ${nameOf(before)} and your ${nameOf(after)}`
      : before
        ? `after your ${nameOf(before)}`
        : after
          ? `before your ${nameOf(after)}`
          : '';
  return `Where ${who} ${when}`.trimEnd();
}

function nameOf({ args }: WorldEvent): string {
  return showCommand(args.slice(0, 1)).toUpperCase();
}
