import type { Collection } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { Finding } from '../verdict.ts';
import { show } from '../words/show.ts';
import { judgeMembers, type Kind } from './members.ts';
import { valueMistake } from './mistake.ts';
import { type Subject, some, wrongType } from './subject.ts';

export function judgeSet({ mode, value: members }: Collection<string[]>, subject: Subject): Finding {
  const wanted = members.map((member) => Buffer.from(member));
  const { value } = subject.state;
  if (value.kind !== 'set') return wrongType(subject, 'set', some(wanted, show));
  return judgeMembers(subject, mode, asMap(wanted), asMap(value.members.toSorted(Buffer.compare)), {
    ...KIND,
    missingMistake: (member, _, extra) =>
      extra.has(wanted.map((one) => one.toString('latin1')).join(' ')) && wanted.length > 1
        ? 'Quotes around all of them make one member of them.'
        : memberMistake(member, extra),
  });
}

/** Where a member that is missing is there in another spelling. */
export function memberMistake(member: string, extra: ReadonlyMap<string, unknown>): string | undefined {
  let tried = 0;
  for (const other of extra.keys()) {
    if (++tried > 200) break;
    const mistake = valueMistake(bytesOf(member), bytesOf(other));
    if (mistake) return `Is it there as ${show(bytesOf(other))}? ${mistake}`;
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

const KIND: Kind<true> = {
  same: () => true,
  name: (member) => show(bytesOf(member)),
  full: (member) => show(bytesOf(member)),
  says: (member) => show(bytesOf(member)),
  wrongMistake: () => undefined,
  missingMistake: () => undefined,
};

function asMap(members: Buffer[]): Map<string, true> {
  return new Map(members.map((member) => [nameOf(member), true]));
}
