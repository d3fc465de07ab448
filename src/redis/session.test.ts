import { expect, test } from 'vitest';
import { replyOf, type ShortReply } from '../../test/setup/exercise-stage.ts';
import { Session } from './session.ts';

const words = (line: string) => line.split(' ').map((word) => Buffer.from(word));
const ok = { type: 'status', bytes: Buffer.from('OK') } as const;
const error = { type: 'error', bytes: Buffer.from('WRONGPASS') } as const;
const hello = { type: 'array', items: [] } satisfies { type: 'array'; items: never[] };

test.each([
  ['AUTH secret', 'AUTH secret'],
  ['AUTH reader secret', 'AUTH reader secret'],
  ['HELLO 2 AUTH reader secret', 'AUTH reader secret'],
  ['HELLO 3 SETNAME AUTH AUTH reader secret', 'AUTH reader secret'],
  ['HELLO 3 AUTH reader AUTH SETNAME me', 'AUTH reader AUTH'],
  ['HELLO 3 SETNAME AUTH', undefined],
])('%s is remembered as how to log in again', (line, login) => {
  const session = new Session(0);
  session.note(words(line), line.startsWith('HELLO') ? hello : ok);
  expect(session.login?.join(' ')).toBe(login);
});

test('a login that was refused is not, and RESET ends one', () => {
  const session = new Session(0);
  session.note(words('AUTH reader secret'), error);
  expect(session.login).toBeUndefined();
  session.note(words('AUTH reader secret'), ok);
  session.note(words('RESET'), { type: 'status', bytes: Buffer.from('RESET') });
  expect(session.login).toBeUndefined();
});

test.each([
  [[['WATCH a', 'OK']], true],
  [
    [
      ['WATCH a', 'OK'],
      ['UNWATCH', 'OK'],
    ],
    false,
  ],
  [
    [
      ['WATCH a', 'OK'],
      ['EXEC', '-ERR EXEC without MULTI'],
    ],
    true,
  ],
  [
    [
      ['WATCH a', 'OK'],
      ['MULTI', 'OK'],
      ['UNWATCH', '+QUEUED'],
    ],
    true,
  ],
  [
    [
      ['WATCH a', 'OK'],
      ['MULTI', 'OK'],
      ['EXEC', null],
    ],
    false,
  ],
  [
    [
      ['WATCH a', 'OK'],
      ['MULTI', 'OK'],
      ['DISCARD', 'OK'],
    ],
    false,
  ],
] as [[string, ShortReply][], boolean][])('after %j keys may be watched: %s', (said, expected) => {
  const session = new Session(0);
  for (const [line, reply] of said) session.note(words(line), replyOf(reply));
  expect(session.watching).toBe(expected);
});

test.each([
  ['CLIENT SETNAME till', 'OK', true],
  ['CLIENT TRACKING ON', 'OK', true],
  ['CLIENT SETNAME a', '-ERR', false],
  ['CLIENT GETNAME', 'till', false],
  ['CLIENT ID', 4, false],
] as [string, ShortReply, boolean][])(
  '%s, answered %j, alters the connection: %s',
  (line, reply, expected) => {
    const session = new Session(0);
    session.note(words(line), replyOf(reply));
    expect(session.altered).toBe(expected);
  },
);
