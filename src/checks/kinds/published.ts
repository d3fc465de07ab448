import { inRange, type PublishedCheck } from '../../course/course.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import { publicationsOf } from '../evidence/published.ts';
import type { Judgement } from '../result.ts';
import type { About, CheckResult } from '../verdict.ts';
import { count, show, showName } from '../words/show.ts';

/** Such a message was published on the channel, and as many got it. */
export function judge(check: PublishedCheck, context: JudgeContext): [About, Judgement][] {
  return [[{ kind: 'published', property: check.channel }, judgePublished(check, context)]];
}

export function describe({ property, actual }: CheckResult): string {
  return `${showName(property ?? '')}: ${actual}`;
}

export function mentions(): Mentions {
  return {};
}

function judgePublished(check: PublishedCheck, context: JudgeContext): Judgement {
  const { heard } = check;
  const [channel, message] = [showName(check.channel), show(check.message)];
  const published = publicationsOf(context);
  const right = published.filter(
    (one) => one.channel.equals(Buffer.from(check.channel)) && one.message.equals(Buffer.from(check.message)),
  );
  const expected = `${message} on ${channel}`;
  const last = right.at(-1);
  if (!last) {
    const other = published.at(-1);
    const instead = other && `${show(other.message)} on ${showName(other.channel)}`;
    return {
      expected,
      actual: instead ?? 'nothing',
      fact: { code: 'not-published', message, channel, ...(instead !== undefined && { instead }) },
    };
  }
  const good = right.findLast((one) => !heard || inRange(heard, one.heard));
  if (good || !heard)
    return { expected, actual: `${message}, heard by ${count(good?.heard ?? 0, 'client')}` };
  return {
    expected,
    actual: count(last.heard, 'client'),
    fact: { code: 'heard-by', message, channel, expected: heard, actual: last.heard },
  };
}
