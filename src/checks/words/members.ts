import { enumerate } from './show.ts';

/** Several things by their names, as one shows them: `a, b and 4 more`; and how many there are. */
export interface Named {
  names: string;
  count: number;
}

/** A member of a set, a field of a hash or a member of a sorted set, with its value or score. */
export interface Member {
  name: string;
  value?: string;
}

/** In what the members of a collection without order differ from those that were expected. */
export interface MembersOf {
  of: 'set' | 'hash' | 'zset';
  /** Of many, the first ones; `count` says how many there are. */
  expected: MemberList;
  wrong: MemberList;
  missing: MemberList;
  extra: MemberList;
}

export interface MemberList {
  members: Member[];
  count: number;
}

/** How to speak of a member alone; of one as it should be; of one as it is. */
const WORDS: Record<MembersOf['of'], Record<'name' | 'full' | 'says', (member: Member) => string>> = {
  set: { name: ({ name }) => name, full: ({ name }) => name, says: ({ name }) => name },
  hash: {
    name: ({ name }) => `field ${name}`,
    full: ({ name, value }) => `${name} ${value}`,
    says: ({ name, value }) => `${name} is ${value}`,
  },
  zset: {
    name: ({ name }) => name,
    full: ({ name, value }) => `${name} with score ${value}`,
    says: ({ name, value }) => `${name} has score ${value}`,
  },
};

/** What is there, or should be: `"ann" with score 3 and "bob" with score 2`. */
export function memberNames(of: MembersOf['of'], { members, count }: MemberList): string {
  return enumerate(members.map(WORDS[of].full), count) || 'nothing';
}

export function membersText({ of, expected, wrong, missing, extra }: MembersOf): string {
  const { name, says } = WORDS[of];
  const named = ({ members, count }: MemberList) => enumerate(members.map(name), count);
  const facts = [
    ...wrong.members.slice(0, 3).map(says),
    ...(wrong.count > 3 ? [`${wrong.count - 3} more differ`] : []),
    ...(missing.count > 0 ? [areMissing({ names: named(missing), count: missing.count })] : []),
    ...(extra.count > 0 ? [`${named(extra)} should not be there`] : []),
  ];
  return `${memberNames(of, expected)}; ${enumerate(facts.slice(0, 4))}`;
}

export function areMissing({ names, count }: Named): string {
  return `${names} ${count === 1 ? 'is' : 'are'} missing`;
}
