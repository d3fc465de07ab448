import { expect, test } from 'vitest';
import * as facts from '../redis/command-facts.ts';
import { unfitFor } from './engine-command.ts';

const why = (line: string) =>
  unfitFor(
    'given',
    line.split(' ').map((word) => Buffer.from(word)),
    facts,
  );

test.each([
  ...['SELECT 1', 'multi', 'EXEC', 'UNWATCH', 'CLIENT KILL ID 1', 'SUBSCRIBE a', 'sunsubscribe a', 'MONITOR'],
  ...['HELLO 3', 'RESET', 'READONLY', 'PSYNC a 1'],
])('%s acts on the connection', (line) => expect(why(line)).toContain('acts on the connection'));

test.each([
  ...['BLPOP a 0', 'bzmpop 0 1 a MIN', 'BLMOVE a b LEFT LEFT 0', 'WAIT 1 0', 'WAITAOF 1 0 0'],
  ...['XREAD BLOCK 0 STREAMS a $', 'XREADGROUP GROUP g c BLOCK 0 STREAMS a >'],
])('%s may wait', (line) => expect(why(line)).toContain('may wait for ever'));

test.each([
  ...[
    'SET a 1',
    'LPOP a',
    'XREAD STREAMS BLOCK 0',
    'XREADGROUP GROUP BLOCK c STREAMS a >',
    'XGROUP CREATE a g $',
  ],
  ...['PUBLISH a b', 'PING', 'CONFIG SET maxmemory 1mb', 'MY.ADD BLOCK 0', 'SET BLPOP SELECT'],
])('%s builds a state', (line) => expect(why(line)).toBeUndefined());
