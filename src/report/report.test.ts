import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../checks/verdict.ts';
import { jsonReport } from './json.ts';
import type { Report } from './report.ts';
import { reporters } from './reporters.ts';

const passed: CheckResult = {
  id: 'key:a:string',
  kind: 'key',
  key: 'a',
  property: 'string',
  status: 'passed',
  message: '',
  expected: '"1"',
  actual: '"1"',
};
const failed: CheckResult = {
  id: 'key:session:xyz:ttl',
  kind: 'key',
  key: 'session:xyz',
  property: 'ttl',
  status: 'failed',
  message: 'session:xyz has no expiry; it should expire in 30 minutes (1800 s).',
  expected: '30 minutes (1800 s)',
  actual: 'no expiry',
  fact: { code: 'no-expiry', key: 'session:xyz', expected: { min: 1800, max: 1800 } },
  reason: { code: 'expiry-dropped', command: 'SET' },
};

function report(...results: Report['results']): Report {
  return { course: { id: 'redis', title: 'Redis' }, redis: 'Redis 7.0.15, private', results };
}
const mixed = report(
  { exercise: { id: 'strings/a', title: 'First' }, verdict: { status: 'passed', checks: [passed] } },
  {
    exercise: { id: 'strings/session-ttl', title: 'Second' },
    verdict: { status: 'failed', checks: [failed, passed] },
  },
  {
    exercise: { id: 'strings/c', title: 'Third' },
    verdict: { status: 'error', checks: [], error: new Error('the server went away') },
  },
  { exercise: { id: 'strings/d', title: 'Fourth' } },
  { exercise: { id: 'strings/e', title: 'Fifth' }, skipped: 'needs Redis 7.0' },
);

describe('the JSON report', () => {
  it('holds every field that a script may rely on', () => {
    expect(JSON.parse(jsonReport(mixed))).toEqual({
      schema: 'rediscover.report/1',
      course: 'redis',
      redis: 'Redis 7.0.15, private',
      score: 1,
      max: 4,
      exercises: [
        { id: 'strings/a', status: 'passed', score: 1, max: 1, checks: [passed] },
        {
          id: 'strings/session-ttl',
          status: 'failed',
          score: 0,
          max: 1,
          checks: [failed, passed],
        },
        {
          id: 'strings/c',
          status: 'error',
          score: 0,
          max: 1,
          message: 'the server went away',
          checks: [],
        },
        { id: 'strings/d', status: 'missing', score: 0, max: 1, checks: [] },
        {
          id: 'strings/e',
          status: 'skipped',
          score: 0,
          max: 0,
          message: 'needs Redis 7.0',
          checks: [],
        },
      ],
    });
  });

  it('writes nothing raw that a terminal obeys, and loses nothing', () => {
    const actual = 'a\x1b[2J\x9b1m\u202e\x7f日本';
    const text = jsonReport(
      report({
        exercise: { id: 'a/b', title: 'T' },
        verdict: { status: 'failed', checks: [{ ...failed, actual }] },
      }),
    );
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(JSON.parse(text).exercises[0].checks[0].actual).toBe(actual);
  });
});

describe('the report for people', () => {
  const drawn = (what: Report, columns = 80) => reporters.human(what, { columns });

  it('has a line for each exercise, the reasons beneath and the sum at the end', () => {
    expect(drawn(mixed)).toBe(
      [
        '✓ strings/a            First',
        '✗ strings/session-ttl  Second',
        '    session:xyz has no expiry; it should expire in 30 minutes (1800 s).',
        '! strings/c            Third',
        '    This could not be checked: the server went away',
        '· strings/d            Fourth',
        '    No answer.',
        '– strings/e            Fifth',
        '    Skipped: needs Redis 7.0',
        '',
        '1 of 4 passed, 1 failed, 1 could not be checked, 1 without an answer, 1 skipped.',
        '',
      ].join('\n'),
    );
  });

  it('says a reason once, however many checks give it', () => {
    const verdict = {
      status: 'failed' as const,
      checks: [failed, { ...failed, id: 'key:session:xyz:string' }],
    };
    expect(
      drawn(report({ exercise: { id: 'a/b', title: 'T' }, verdict })).match(/has no expiry/g),
    ).toHaveLength(1);
  });

  it('says that nothing passed when there was nothing', () => {
    expect(drawn(report())).toBe('\n0 of 0 passed.\n');
  });

  it('fits a narrow window', () => {
    for (const line of drawn(mixed, 24).split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(24);
    expect(drawn(mixed, 24)).toContain('✗ strings/session-ttl\n    session:xyz has no\n    expiry;');
  });

  it('lets no escape code through', () => {
    const evil = report({
      exercise: { id: 'a/\x1b[1mb', title: '\x1b[2J' },
      verdict: { status: 'failed', checks: [{ ...failed, message: 'k\x1b]0;x\x07 is `\x9b`\nnew' }] },
    });
    expect(drawn(evil)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});
