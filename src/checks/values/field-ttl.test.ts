import { expect, it } from 'vitest';
import { type Bare, BEGUN, exercise, snapshot } from '../../../test/setup/exercise-stage.ts';
import { judge } from '../judge.ts';
import { messagesOf } from '../verdict.ts';

const CODE: Bare = { kind: 'key', key: 'login:5', fieldTtl: { code: { min: 300, max: 300 }, user: 'none' } };
const NONE: Bare = { kind: 'key', key: 'login:5', ttl: 'none' };

/** What is said of a hash whose fields end in so many ms, a second after the beginning. */
function said(check: Bare, ends: Record<string, number>): string {
  const now = snapshot({ 'login:5': { user: 'ada', code: '4711' } }, BEGUN + 1000);
  const state = now.keys.get('login:5')!;
  if (Object.keys(ends).length > 0) state.ends = new Map(Object.entries(ends));
  const verdict = judge(exercise(check), { given: snapshot({}), now, db: 0, evidence: { commands: [] } });
  return verdict.status === 'passed' ? 'passed' : messagesOf(verdict).join(' ');
}

it.each([
  [{ code: 300_000 }, 'passed'],
  [{ code: 299_100 }, 'passed'],
  [{}, 'Field code of login:5 has no expiry of its own; it should expire in 5 minutes (300 s).'],
  [{ code: 5_000 }, 'Field code of login:5 should expire in 5 minutes (300 s); it expires in 5 s.'],
  [
    { code: 300_000, user: 300_000 },
    'Field user of login:5 expires in 5 minutes (300 s); it should have no expiry.',
  ],
])('of fields that end in %j: %s', (ends, expected) => {
  expect(said(CODE, ends)).toBe(expected);
});

it('is an expiry too, where the key is to have none', () => {
  expect(said(NONE, {})).toBe('passed');
  expect(said(NONE, { code: 9_000 })).toBe('Field code of login:5 expires in 9 s; it should have no expiry.');
});
