import type { KeyState, Value } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { creatorOf } from '../evidence/creator.ts';
import type { Finding } from '../verdict.ts';
import { aType, count, enumerate, scoreText, show, showName } from '../words/show.ts';

/** A key that is there, and whom to ask about it. */
export interface Subject {
  /** As `nameOf` writes it. */
  key: string;
  /** As messages show it. */
  name: string;
  state: KeyState;
  /** What it was in the given state. */
  before: KeyState | undefined;
  context: JudgeContext;
}

export function wrongType(subject: Subject, wanted: string, expected: string): Finding {
  const { name, state } = subject;
  const maker =
    state.type === subject.before?.type ? undefined : creatorOf(subject.key, state.type, subject.context);
  return {
    expected,
    actual: aType(state.type),
    message: `${name} is ${aType(state.type)}; ${aType(wanted)} was expected.`,
    mistake: maker && `${maker} made it.`,
  };
}

/** A value in a few words. */
export function valueText(value: Value): string {
  switch (value.kind) {
    case 'string':
      return show(value.bytes);
    case 'list':
      return some(value.items, show);
    case 'set':
      return some(value.members.toSorted(Buffer.compare), show);
    case 'hash':
      return some(
        value.fields.toSorted(([a], [b]) => a.compare(b)),
        ([field, is]) => `${showName(field)} ${show(is)}`,
      );
    case 'zset':
      return some(value.members, ({ member, score }) => `${show(member)} with score ${scoreText(score)}`);
    case 'stream':
      return count(value.entries.length, 'entry').replace(/ys$/, 'ies');
    case 'other':
      return 'a value of another type';
  }
}

/** The first of many in words; the rest is only counted, however many there are. */
export function some<T>(items: readonly T[], text: (item: T) => string, most = 4): string {
  return enumerate(items.slice(0, most).map(text), items.length, most) || 'nothing';
}
