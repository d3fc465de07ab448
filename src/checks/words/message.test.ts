import { describe, expect, it } from 'vitest';
import { idOf } from './id.ts';
import { type Findings, gistOf, messageBeyond, messageOf } from './message.ts';

const missing: Findings = { fact: { code: 'missing', key: 'cart:9' } };

describe('a message', () => {
  it('says what is wrong, why, what the author says and what helps, in this order', () => {
    const findings: Findings = {
      ...missing,
      reason: { code: 'removed', command: 'DEL' },
      why: 'It was needed.',
      next: 'reset',
    };
    expect(messageOf(findings)).toBe(
      'cart:9 is not there. DEL removed it. It was needed. .reset begins again.',
    );
    expect(messageOf({ ...findings, why: 'Gone; .reset helps.' })).toBe(
      'cart:9 is not there. DEL removed it. Gone; .reset helps.',
    );
    expect(messageOf({})).toBe('');
  });

  it('leaves out what is but a stopgap where the author has spoken', () => {
    const fact = { code: 'not-used', asked: 'SET with NX' } as const;
    expect(messageOf({ fact })).toBe('This task asks for SET with NX.');
    expect(messageOf({ fact, why: 'Let Redis decide.' })).toBe('Let Redis decide.');
  });
});

describe('what is left to say of an error that stands on the screen', () => {
  const error = 'ERR syntax error';
  const failed: Findings = { ...missing, reason: { code: 'failed', command: 'SET', error } };

  it('is the mistake and the author’s words', () => {
    const mistake = { code: 'value-needs-quotes', value: '"2 apples"' } as const;
    const reason = { code: 'failed', command: 'SET', error, mistake } as const;
    expect(messageBeyond(error, { ...missing, reason, why: 'So.' })).toBe(
      'A value of several words needs quotes: "2 apples". So.',
    );
    expect(messageBeyond(error, failed)).toBe('');
    const fact = {
      code: 'wrong-reply',
      command: 'ZRANGE z (1 3',
      actual: `(error) ${error}`,
      error,
      expected: '1',
      many: false,
    } as const;
    expect(messageBeyond(error, { fact, reason: { code: 'ranks-not-scores' } })).toBe(
      'Without BYSCORE, ZRANGE takes ranks, not scores.',
    );
  });

  it('is nothing of another error, or of none', () => {
    expect(messageBeyond('ERR no', failed)).toBeUndefined();
    expect(messageBeyond(error, missing)).toBeUndefined();
  });
});

it('a gist tells remarks apart, but not by times that run on', () => {
  const expires = (key: string, ms: number): Findings => ({
    fact: { code: 'has-expiry', key, actual: { ms } },
  });
  expect(gistOf(expires('a', 5000))).toBe(gistOf(expires('a', 4000)));
  expect(gistOf(expires('a', 5000))).not.toBe(gistOf(expires('b', 5000)));
  expect(gistOf(missing)).not.toBe(gistOf({ ...missing, reason: { code: 'typo' } }));
  const ranOut = (ms: number): Findings => ({ ...missing, reason: { code: 'ran-out', expiry: { ms } } });
  expect(gistOf(ranOut(1))).toBe(gistOf(ranOut(2)));
});

it('ids are made of what a result is about', () => {
  expect(idOf({ kind: 'key', key: 'session:xyz', property: 'ttl' })).toBe('key:session:xyz:ttl');
  expect(idOf({ kind: 'keys', key: { pattern: 'user:*' } })).toBe('keys:user:*');
  expect(idOf({ kind: 'atomic', key: ['a', 'b'] })).toBe('atomic:a,b');
  expect(idOf({ kind: 'used', command: 'SET EX' })).toBe('used:SET EX');
  expect(idOf({ kind: 'answer' })).toBe('answer');
});
