import type { Collection } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { Finding } from '../verdict.ts';
import { scoreText, show } from '../words/show.ts';
import { judgeMembers, type Kind } from './members.ts';
import { numberMistake, numberOf, sameAsNumbers } from './numeric.ts';
import { bytesOf, memberMistake, notIn } from './set.ts';
import { type Subject, some, wrongType } from './subject.ts';

type Scored = { member: string; score: number }[];

/** Members and scores say all: the order of equal scores is the server's own, by bytes. */
export function judgeZset({ mode, value: members }: Collection<Scored>, subject: Subject): Finding {
  const wanted = new Map(members.map(({ member, score }) => [nameOf(member), score]));
  const { value } = subject.state;
  if (value.kind !== 'zset') {
    return wrongType(
      subject,
      'zset',
      some([...wanted], ([member, score]) => KIND.full(member, score)),
    );
  }
  const before = subject.before?.value.kind === 'zset' ? asMap(subject.before.value.members) : undefined;
  return judgeMembers(subject, mode, wanted, asMap(value.members), {
    ...KIND,
    wrongMistake(member, right, is, others) {
      const start = before?.get(member);
      if (start === is) {
        return memberMistake(member, notIn(others, before!)) ?? 'That is the score it had at the start.';
      }
      return numberMistake(numberOf(right), numberOf(is), start === undefined ? undefined : numberOf(start));
    },
  });
}

const KIND: Kind<number> = {
  same: (wanted, is) => wanted === is,
  name: (member) => show(bytesOf(member)),
  full: (member, score) => `${show(bytesOf(member))} with score ${scoreText(score)}`,
  says: (member, score) => `${show(bytesOf(member))} has score ${scoreText(score)}`,
  wrongMistake: () => undefined,
  missingMistake: (member, score, extra) =>
    [...extra].some(([other, is]) => sameAsNumbers(other, String(score)) && sameAsNumbers(member, String(is)))
      ? 'Score and member are swapped: the score comes first.'
      : memberMistake(member, extra),
};

function asMap(members: { member: Buffer; score: number }[]): Map<string, number> {
  return new Map(members.map(({ member, score }) => [nameOf(member), score]));
}
