import { expect, it } from 'vitest';
import { type Bare, verdict } from '../../test/setup/exercise-stage.ts';
import { describe } from './kinds/registry.ts';
import { type About, concerns } from './verdict.ts';

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
