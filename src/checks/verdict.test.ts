import { expect, it } from 'vitest';
import { type Bare, verdict } from '../../test/setup/exercise-stage.ts';
import { describe } from './kinds/registry.ts';
import { type About, concerns, messagesOf } from './verdict.ts';

it.each<[About, string, boolean]>([
  [{ kind: 'key', key: 'cart:9', property: 'ttl' }, 'cart:9', true],
  [{ kind: 'key', key: 'cart:9', property: 'ttl' }, 'cart', false],
  [{ kind: 'given', key: 'cart:99' }, 'cart:9', false],
  [{ kind: 'atomic', key: ['a', 'b'] }, 'b', true],
  [{ kind: 'keys', key: { pattern: 'cart:*' } }, 'cart:9', true],
  [{ kind: 'keys', key: { pattern: 'cart:*' } }, 'seat:9', false],
  [{ kind: 'used', command: 'SET lock:1 NX' }, 'lock:1', true],
  [{ kind: 'reply', command: 'GET' }, 'GET', false],
  [{ kind: 'answer' }, 'answer', false],
])('that %j concerns %s is %s', (about, key, does) => {
  expect(concerns(about, key)).toBe(does);
});

it.each<[Bare, string[]]>([
  [{ kind: 'key', key: 'a', string: '1', ttl: 'none' }, ['a: "1"', 'a: no expiry']],
  [{ kind: 'keys', pattern: 'a*', count: { min: 1, max: 1 } }, ['a*: 1 key']],
  [{ kind: 'reply', reply: 'OK', to: 'SET' }, ['the answer "OK"']],
  [{ kind: 'used', patterns: ['SET a'] }, ['SET a 1']],
  [{ kind: 'avoided', patterns: ['DEL'] }, ['']],
  [{ kind: 'atomic', keys: ['a', 'b'] }, ['a, b: written in one step']],
  [{ kind: 'answer', answers: ['x'] }, ['your answer']],
])('what a check that passed has found is told: %j', (check, told) => {
  const { status, checks } = verdict(check, { now: { a: '1' }, ran: ['SET a 1'], answer: 'x' });
  expect(status).toBe('passed');
  expect(checks.map(describe)).toEqual(told);
});

it('tells a person each fact and each reason once', () => {
  const given = { tries: '2' };
  const removed = verdict(
    [
      { kind: 'key', key: 'tries', number: 3 },
      { kind: 'key', key: 'tries', ttl: 'none', why: 'That hour was running.' },
    ],
    { given, now: {}, ran: [['DEL tries', 1]] },
  );
  expect(messagesOf(removed)).toEqual(['tries is not there. DEL removed it. That hour was running.']);

  const failed = verdict(
    [
      { kind: 'key', key: 'a', string: '1' },
      { kind: 'key', key: 'b', string: '2', why: 'Both at once.' },
    ],
    { ran: [['MSET a 1 b', "-ERR wrong number of arguments for 'mset' command"]] },
  );
  expect(messagesOf(failed)).toEqual([
    "a is not there. Your MSET answered an error: ERR wrong number of arguments for 'mset' command.",
    'b is not there. Both at once.',
  ]);
  expect(failed.checks[1]?.message).toContain('MSET answered an error');
});
