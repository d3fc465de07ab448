import type { SubscribedCheck } from '../../course/course.ts';
import { isSubscription } from '../../redis/session.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import type { SeenMessage } from '../evidence/evidence.ts';
import type { Judgement } from '../result.ts';
import type { About, CheckResult } from '../verdict.ts';
import { showName, some } from '../words/show.ts';

/** A client of the learner's was told that it is subscribed to that. */
export function judge(check: SubscribedCheck, context: JudgeContext): [About, Judgement][] {
  const { name, isPattern, by } = check;
  const about: About = { kind: 'subscribed', property: name };
  const made = subscriptionsOf(context).filter((one) => isBy(one, by));
  const right = made.some(
    ({ channel, pattern }) => (isPattern ? pattern : channel)?.equals(Buffer.from(name)) === true,
  );
  if (right) return [[about, { expected: name, actual: name }]];
  const others = namesOf(made);
  const names = some(others, (one) => one);
  return [
    [
      about,
      {
        expected: name,
        actual: names,
        fact: {
          code: 'not-subscribed',
          name: showName(name),
          pattern: isPattern,
          ...(others.length > 0 && { instead: { names, count: others.length } }),
        },
      },
    ],
  ];
}

export function describe({ actual }: CheckResult): string {
  return `subscribed to ${showName(actual)}`;
}

export function mentions(): Mentions {
  return {};
}

/** What the learner's clients were told that they are subscribed to. */
export function subscriptionsOf({ messages }: JudgeContext): SeenMessage[] {
  return messages.filter((one) => !one.other && isSubscription(one.kind));
}

/** The channels and patterns, each once. */
export function namesOf(subscriptions: readonly SeenMessage[]): string[] {
  return [
    ...new Set(subscriptions.flatMap(({ channel, pattern }) => channel ?? pattern ?? []).map(showName)),
  ];
}

function isBy({ client }: SeenMessage, by: SubscribedCheck['by']): boolean {
  return by === undefined || client.startsWith('prompt:') === (by === 'prompt');
}
