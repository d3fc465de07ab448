import type { Collection } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import { isAdded } from '../evidence/scores.ts';
import type { Judgement } from '../result.ts';
import { scoreText, show, some } from '../words/show.ts';
import { judgeMembers, type MemberKind } from './members.ts';
import { numberOf, sameAsNumbers } from './numeric.ts';
import { bytesOf, memberMistake, notIn } from './set.ts';
import { countMistake, type Subject, wrongType } from './subject.ts';

type Scored = { member: string; score: number }[];

/** Members and scores say all: the order of equal scores is the server's own, by bytes. */
export function judgeZset({ mode, value: members }: Collection<Scored>, subject: Subject): Judgement {
  const wanted = new Map(members.map(({ member, score }) => [nameOf(member), score]));
  const { value } = subject.state;
  if (value.kind !== 'zset') {
    return wrongType(
      subject,
      'zset',
      some([...wanted], ([member, score]) => `${show(bytesOf(member))} with score ${scoreText(score)}`),
    );
  }
  const before = subject.before?.value.kind === 'zset' ? asMap(subject.before.value.members) : undefined;
  return judgeMembers(subject, mode, wanted, asMap(value.members), {
    ...ZSET,
    // What is still as it was given is no mistake of theirs.
    missingMistake: (member, score, extra) => {
      const isTheirs = (other: string, is: number) =>
        before?.get(other) !== is || isAdded(other, subject.key, subject.context);
      return ZSET.missingMistake(
        member,
        score,
        new Map([...extra].filter(([other, is]) => isTheirs(other, is))),
      );
    },
    wrongMistake(member, right, is, others) {
      const start = before?.get(member);
      if (start === is) return memberMistake(member, notIn(others, before!)) ?? { code: 'score-as-given' };
      return countMistake(
        numberOf(right),
        numberOf(is),
        start === undefined ? undefined : numberOf(start),
        subject,
      );
    },
  });
}

const ZSET: MemberKind<number> = {
  of: 'zset',
  same: (wanted, is) => wanted === is,
  shown: (member, score) => ({ name: show(bytesOf(member)), value: scoreText(score) }),
  wrongMistake: () => undefined,
  missingMistake: (member, score, extra) =>
    [...extra].some(([other, is]) => sameAsNumbers(other, String(score)) && sameAsNumbers(member, String(is)))
      ? { code: 'score-member-swapped' }
      : memberMistake(member, extra),
};

function asMap(members: { member: Buffer; score: number }[]): Map<string, number> {
  return new Map(members.map(({ member, score }) => [nameOf(member), score]));
}
