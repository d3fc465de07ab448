import type { Collection } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { Judgement } from '../result.ts';
import type { Reason } from '../words/reasons.ts';
import { show, some } from '../words/show.ts';
import { judgeMembers, type MemberKind } from './members.ts';
import { valueMistake } from './mistake.ts';
import { type Subject, wrongType } from './subject.ts';

export function judgeSet({ mode, value: members }: Collection<string[]>, subject: Subject): Judgement {
  const wanted = members.map((member) => Buffer.from(member));
  const { value } = subject.state;
  if (value.kind !== 'set') return wrongType(subject, 'set', some(wanted, show));
  return judgeMembers(subject, mode, asMap(wanted), asMap(value.members.toSorted(Buffer.compare)), {
    ...SET,
    missingMistake: (member, _, extra) =>
      extra.has(wanted.map((one) => one.toString('latin1')).join(' ')) && wanted.length > 1
        ? { code: 'one-member' }
        : memberMistake(member, extra),
  });
}

/** Where a member that is missing is there in another spelling. */
export function memberMistake(member: string, extra: ReadonlyMap<string, unknown>): Reason | undefined {
  let tried = 0;
  for (const other of extra.keys()) {
    if (++tried > 200) break;
    const mistake = valueMistake(bytesOf(member), bytesOf(other));
    if (mistake) return { code: 'spelt-otherwise', value: show(bytesOf(other)), mistake };
  }
  return undefined;
}

/** The members that are new. */
export function notIn<T>(members: ReadonlyMap<string, T>, before: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...members].filter(([member]) => !before.has(member)));
}

export function bytesOf(latin1: string): Buffer {
  return Buffer.from(latin1, 'latin1');
}

const SET: MemberKind<true> = {
  of: 'set',
  same: () => true,
  shown: (member) => ({ name: show(bytesOf(member)) }),
  wrongMistake: () => undefined,
  missingMistake: () => undefined,
};

function asMap(members: Buffer[]): Map<string, true> {
  return new Map(members.map((member) => [nameOf(member), true]));
}
