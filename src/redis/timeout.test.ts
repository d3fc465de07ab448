import { expect, test } from 'vitest';
import { splitArgs } from './split.ts';
import { timeoutOf } from './timeout.ts';

test.each([
  ['BLPOP a b 0', Number.POSITIVE_INFINITY],
  ['blpop a 2.5', 2500],
  ['BLMOVE a b LEFT RIGHT 0.1', 100],
  ['BLMPOP 3 2 a b LEFT', 3000],
  ['BZPOPMIN z 0', Number.POSITIVE_INFINITY],
  ['XREAD COUNT 2 BLOCK 40 STREAMS s $', 40],
  ['XREAD BLOCK 0 STREAMS s $', Number.POSITIVE_INFINITY],
  ['WAIT 1 20', 20],
  ['BLPOP a b', 0],
  ['BLPOP a -1', 0],
])('%s waits %s ms', (line, expected) => {
  expect(timeoutOf(splitArgs(line)!)).toBe(expected);
});
