import { describe, expect, it } from 'vitest';
import { said } from '../../../test/setup/exercise-stage.ts';

const three = { given: { 'session:1': 'a', 'session:2': 'b', 'user:1': 'c' } };

describe('keys that match a pattern', () => {
  it('are counted', () => {
    const count = (min: number, max: number | null = min) =>
      said({ kind: 'keys', pattern: 'session:*', count: { min, max } }, three);
    expect(count(2)).toBe('passed');
    expect(count(1, 3)).toBe('passed');
    expect(count(2, null)).toBe('passed');
    expect(count(3)).toBe('3 keys should match session:*; 2 do: session:1 and session:2.');
    expect(count(0)).toBe('No key should match session:*; 2 do: session:1 and session:2.');
    expect(said({ kind: 'keys', pattern: 'temp:*', count: { min: 1, max: null } }, three)).toBe(
      'At least 1 key should match temp:*; none does.',
    );
  });

  it('are exactly those named', () => {
    const names = (...named: string[]) => ({ kind: 'keys', pattern: 'session:*', names: named }) as const;
    const start = 'The keys that match session:* should be session:1 and session:2 (2 keys); ';
    expect(said(names('session:2', 'session:1') as never, three)).toBe('passed');
    expect(said(names('session:1', 'session:2') as never, { now: { 'session:1': 'a' } })).toBe(
      `${start}session:2 is missing.`,
    );
    expect(
      said(names('session:1', 'session:2') as never, { now: { ...three.given, 'session:9': 'a' } }),
    ).toContain(`${start}session:9 should not be there.`);
    expect(
      said(names('session:1', 'session:2') as never, { now: { 'session:1': 'a', 'session:2x': 'a' } }),
    ).toContain(`${start}session:2 is missing, and session:2x should not be there. Is session:2x a typo?`);
    expect(
      said(names('session:1', 'session:2') as never, {
        ...three,
        now: { 'session:1': 'a', 'user:1': 'c' },
        ran: [['DEL session:2', 1]],
      }),
    ).toContain('session:2 is missing. DEL removed it.');
    expect(
      said(names('session:1', 'session:2') as never, { now: { 'session:1': 'a', 'Session:2': 'b' } }),
    ).toContain('session:2 is missing. Session:2 is there: names differ by case.');
    expect(
      said(names('session:1', 'session:2') as never, {
        now: { 'session:1': 'a' },
        ran: ['MULTI', ['SET session:2 b', '+QUEUED']],
      }),
    ).toContain('session:2 is missing. Your SET waits in the transaction until EXEC.');
    expect(said(names() as never, three)).toContain(
      'should be none; session:1 and session:2 should not be there.',
    );
  });

  it('are matched by bytes, as Redis does', () => {
    const check = { kind: 'keys', pattern: 'naïve:?', count: { min: 1, max: 1 } } as const;
    expect(said(check, { now: { 'naïve:1': 'a', 'naïve:é': 'b' } })).toBe('passed');
  });

  it('of our own on a named server are not among them', () => {
    const check = { kind: 'keys', pattern: '*', count: { min: 1, max: 1 } } as const;
    expect(said(check, { now: { a: '1', 'rediscover:marker': 'x' } })).toBe('passed');
  });
});
