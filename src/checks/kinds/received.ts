import type { ReceivedCheck, ReceivedMessage } from '../../course/course.ts';
import { isMessage, isSubscription } from '../../redis/session.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import type { SeenMessage } from '../evidence/evidence.ts';
import type { Judgement } from '../result.ts';
import type { About, CheckResult } from '../verdict.ts';
import type { Named } from '../words/members.ts';
import { show, showName, some } from '../words/show.ts';
import { namesOf, subscriptionsOf } from './subscribed.ts';

/** Some client of the learner's has got exactly that since it subscribed to something last, or before it did so again. */
export function judge({ messages }: ReceivedCheck, context: JudgeContext): [About, Judgement][] {
  const runs = runsOf(context.messages);
  const right = runs.some(
    (run) => run.length === messages.length && run.every((one, index) => isLike(one, messages[index]!)),
  );
  const expected = named(messages.map(wanted));
  const about: About = { kind: 'received' };
  if (right) return [[about, { expected: expected.names, actual: expected.names }]];
  const last = runs.at(-1) ?? [];
  const actual = named(last.map((one) => came(one, messages)));
  const listened = namesOf(subscriptionsOf(context));
  return [
    [
      about,
      {
        expected: expected.names,
        actual: actual.names,
        fact: {
          code: 'not-received',
          expected,
          ...(last.length > 0 ? { actual } : listened.length > 0 && { on: some(listened, (one) => one) }),
        },
      },
    ],
  ];
}

export function describe({ actual }: CheckResult): string {
  return `${actual} came`;
}

export function mentions(): Mentions {
  return {};
}

/** What came to each of the learner's clients, cut where it subscribed to more, the oldest first. */
function runsOf(messages: readonly SeenMessage[]): SeenMessage[][] {
  const runs: SeenMessage[][] = [];
  const open = new Map<string, SeenMessage[]>();
  for (const one of messages) {
    if (one.other) continue;
    if (isSubscription(one.kind)) {
      // A command with several channels has as many confirmations.
      if (open.get(one.client)?.length === 0) continue;
      const run: SeenMessage[] = [];
      open.set(one.client, run);
      runs.push(run);
    } else if (isMessage(one.kind)) {
      const run = open.get(one.client) ?? [];
      // It subscribed before the exercise began.
      if (!open.has(one.client)) runs.push(run);
      open.set(one.client, run);
      run.push(one);
    }
  }
  return runs;
}

function isLike(
  { channel, pattern, payload }: SeenMessage,
  { message, channel: on, pattern: by }: ReceivedMessage,
): boolean {
  return (
    payload.type === 'bulk' &&
    payload.bytes.equals(Buffer.from(message)) &&
    (on === undefined || channel?.equals(Buffer.from(on)) === true) &&
    (by === undefined || pattern?.equals(Buffer.from(by)) === true)
  );
}

function wanted({ message, channel, pattern }: ReceivedMessage): string {
  return text(message, channel, pattern);
}

/** With its channel where that is asked for. */
function came({ payload, channel, pattern }: SeenMessage, asked: readonly ReceivedMessage[]): string {
  const [on, by] = [asked.some((one) => one.channel), asked.some((one) => one.pattern)];
  return text(
    payload.type === 'bulk' ? payload.bytes : '',
    on ? channel : undefined,
    by ? pattern : undefined,
  );
}

function text(message: Buffer | string, channel?: Buffer | string, pattern?: Buffer | string): string {
  const on = channel === undefined ? '' : ` on ${showName(channel)}`;
  const by = pattern === undefined ? '' : ` by ${showName(pattern)}`;
  return `${show(message)}${on}${by}`;
}

function named(texts: string[]): Named {
  return { names: some(texts, (one) => one), count: texts.length };
}
