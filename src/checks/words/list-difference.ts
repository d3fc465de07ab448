import { areMissing, type Named } from './members.ts';
import { count } from './show.ts';
import { type Entry, sentenceOf } from './table.ts';

interface At {
  index: number;
  expected: string;
  actual: string;
}

/** In what a list differs from the one that was expected. */
const DIFFERENCES = {
  reversed: () => 'it is the other way round',
  'other-order': (at: At) => `its order is another: ${instead(at)}`,
  'one-item': ({ item }: { item: string }) => `it is ${item}, a single item`,
  missing: ({ missing }: { missing: Named }) => areMissing(missing),
  'too-many': ({ extra }: { extra: Named }) =>
    `it has ${count(extra.count, 'item')} too many: ${extra.names}`,
  'missing-and-extra': ({ missing, extra }: { missing: Named; extra: Named }) =>
    `${areMissing(missing)}, and ${extra.names} should not be there`,
  'other-item': instead,
};

export type Difference = Entry<typeof DIFFERENCES>;

export function differenceText(difference: Difference): string {
  return sentenceOf(DIFFERENCES, difference);
}

function instead({ index, expected, actual }: At): string {
  return `index ${index} (counted from 0) holds ${actual} instead of ${expected}`;
}
