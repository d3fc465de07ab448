import type { KeyState, Value } from '../../redis/snapshot.ts';
import { count, scoreText, show, showName, some } from './show.ts';

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

/** The same, with its type where the value alone does not tell it. */
export function stateText({ type, value }: KeyState): string {
  return value.kind === 'string'
    ? valueText(value)
    : `${type === 'zset' ? 'sorted set' : type} ${valueText(value)}`;
}
