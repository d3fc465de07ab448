import type { Collection } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { Judgement } from '../result.ts';
import type { Reason } from '../words/reasons.ts';
import { show, showKey, showName, some } from '../words/show.ts';
import { judgeMembers, type MemberKind } from './members.ts';
import { valueMistake } from './mistake.ts';
import { parseNumber } from './numeric.ts';
import { bytesOf, memberMistake, notIn } from './set.ts';
import { countMistake, type Subject, wrongType } from './subject.ts';

export function judgeHash(
  { mode, value: fields }: Collection<Record<string, string>>,
  subject: Subject,
): Judgement {
  const wanted = Object.entries(fields).map(([field, is]): [Buffer, Buffer] => [
    Buffer.from(field),
    Buffer.from(is),
  ]);
  const { value } = subject.state;
  if (value.kind !== 'hash') {
    return wrongType(
      subject,
      'hash',
      some(wanted, ([field, is]) => `${showName(field)} ${show(is)}`),
    );
  }
  const before = subject.before?.value.kind === 'hash' ? asMap(subject.before.value.fields) : undefined;
  return judgeMembers(
    subject,
    mode,
    asMap(wanted),
    asMap(value.fields.toSorted(([a], [b]) => a.compare(b))),
    {
      ...HASH,
      wrongMistake: (field, right, is, others) =>
        before?.get(field)?.equals(is)
          ? (memberMistake(field, notIn(others, before)) ?? { code: 'value-as-given' })
          : wrongMistake(right, is, before?.get(field), subject),
    },
  );
}

const HASH: MemberKind<Buffer> = {
  of: 'hash',
  same: (wanted, is) => wanted.equals(is),
  shown: (field, value) => ({ name: showKey(field), value: show(value) }),
  wrongMistake: (_, wanted, is) => valueMistake(wanted, is),
  missingMistake: (field, value, extra) =>
    extra.get(nameOf(value))?.equals(bytesOf(field))
      ? { code: 'field-value-swapped' }
      : memberMistake(field, extra),
};

function wrongMistake(
  right: Buffer,
  is: Buffer,
  before: Buffer | undefined,
  subject: Subject,
): Reason | undefined {
  const [wanted, now] = [parseNumber(right.toString()), parseNumber(is.toString())];
  const start = (before && parseNumber(before.toString())) ?? undefined;
  const mistake = wanted !== null && now !== null ? countMistake(wanted, now, start, subject) : undefined;
  return mistake ?? valueMistake(right, is);
}

function asMap(fields: [Buffer, Buffer][]): Map<string, Buffer> {
  return new Map(fields.map(([field, value]) => [nameOf(field), value]));
}
