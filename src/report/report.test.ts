import { describe, expect, it } from 'vitest';
import { beginning, inSchedule, inWorld } from '../../test/setup/results.ts';
import type { CheckResult, Verdict } from '../checks/verdict.ts';
import type { Exercise } from '../course/course.ts';
import { type Result, totalOf, unjudged } from '../engine/result.ts';
import { resultFor } from '../engine/result-for.ts';
import { humanReporter } from './human.ts';
import { jsonReporter } from './json.ts';
import type { Ending, MakeReporter } from './reporter.ts';

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

const exercise = (id: string, title: string) => ({ id, title }) as Exercise;
const judged = (id: string, title: string, verdict: Verdict) => resultFor(exercise(id, title), verdict, 1);
const mixed = [
  judged('strings/a', 'First', { status: 'passed', checks: [passed] }),
  judged('strings/session-ttl', 'Second', { status: 'failed', checks: [failed, passed] }),
  judged('strings/c', 'Third', { status: 'error', checks: [], error: new Error('the server went away') }),
  unjudged(exercise('strings/d', 'Fourth'), 1),
  unjudged(exercise('strings/e', 'Fifth'), 1, 'It needs Redis 7.0.'),
];

function drawn(make: MakeReporter, results: Result[], more: Partial<Ending> = {}, columns = 80): string {
  let text = '';
  const reporter = make(
    (piece) => {
      text += piece;
    },
    { columns },
  );
  reporter.start({ ...beginning, exercises: results });
  for (const result of results) reporter.result(result);
  reporter.end({ ...totalOf(results), exitCode: 1, ...more });
  return text;
}

describe('the JSON report', () => {
  it('holds every field that a script may rely on', () => {
    const { expected: _, actual: __, ...held } = passed;
    expect(JSON.parse(drawn(jsonReporter, mixed, { least: 3 }))).toEqual({
      schema: 'rediscover.report/1',
      course: 'redis',
      redis: 'Redis 7.0.15, private',
      score: 1,
      max: 4,
      least: 3,
      exitCode: 1,
      exercises: [
        { id: 'strings/a', title: 'First', status: 'passed', score: 1, max: 1, message: '', checks: [held] },
        {
          id: 'strings/session-ttl',
          title: 'Second',
          status: 'failed',
          score: 0,
          max: 1,
          message: expect.stringContaining('session:xyz has no expiry'),
          checks: [failed, held],
        },
        {
          id: 'strings/c',
          title: 'Third',
          status: 'error',
          score: 0,
          max: 1,
          message: 'the server went away',
          // What nobody else is known to be to blame for is the checker's own.
          fault: 'course',
          checks: [],
        },
        {
          id: 'strings/d',
          title: 'Fourth',
          status: 'missing',
          score: 0,
          max: 1,
          message: 'There is no answer.',
          checks: [],
        },
        {
          id: 'strings/e',
          title: 'Fifth',
          status: 'skipped',
          score: 0,
          max: 0,
          message: 'It needs Redis 7.0.',
          checks: [],
        },
      ],
    });
  });

  it('writes nothing raw that a terminal obeys, and loses nothing', () => {
    const actual = 'a\x1b[2J\x9b1m\u202e\x7f日本';
    const text = drawn(jsonReporter, [
      judged('a/b', 'T', { status: 'failed', checks: [{ ...failed, actual }] }),
    ]);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(JSON.parse(text).exercises[0].checks[0].actual).toBe(actual);
  });
});

describe('the report for people', () => {
  it('has a line for each exercise, the reasons beneath and the sum at the end', () => {
    expect(drawn(humanReporter, mixed)).toBe(
      [
        '✓ strings/a            First',
        '✗ strings/session-ttl  Second',
        '    session:xyz has no expiry; it should expire in 30 minutes (1800 s).',
        '! strings/c            Third',
        '    This could not be checked: the server went away',
        '· strings/d            Fourth',
        '    There is no answer.',
        '– strings/e            Fifth',
        '    It needs Redis 7.0.',
        '',
        '1 of 4 passed, 1 failed, 1 could not be checked, 1 without an answer, 1 skipped.',
        '',
      ].join('\n'),
    );
  });

  it('comes as the results do', () => {
    let text = '';
    const reporter = humanReporter((piece) => {
      text += piece;
    }, {});
    reporter.start({ ...beginning, exercises: mixed });
    reporter.result(mixed[0]!);
    expect(text).toBe('✓ strings/a            First\n');
  });

  it('tells of points where they are others, and of what was asked for', () => {
    const result = { ...mixed[0]!, score: 3, max: 3 };
    expect(drawn(humanReporter, [result])).toContain('\n1 of 1 passed. 3 of 3 points.\n');
    expect(drawn(humanReporter, [mixed[1]!], { least: 1 })).toContain(
      '\n0 of 1 passed, 1 failed. At least 1 point is asked for.\n',
    );
  });

  it('shows the world and the schedule in which it went wrong, and what help was asked for', () => {
    const text = drawn(humanReporter, [inWorld, inSchedule]);
    expect(text).toContain('another client');
    expect(text).toContain('    ^ both inside');
    expect(text).toContain('    Hint 2: SET takes it too.\n    Solution:\n      SET session:xyz 1 EX 1800\n');
  });

  it('says a reason once, however many checks give it', () => {
    const checks = [failed, { ...failed, id: 'key:session:xyz:string' }];
    const text = drawn(humanReporter, [judged('a/b', 'T', { status: 'failed', checks })]);
    expect(text.match(/has no expiry/g)).toHaveLength(1);
  });

  it('says that nothing passed when there was nothing', () => {
    expect(drawn(humanReporter, [])).toBe('\n0 of 0 passed.\n');
  });

  it('fits a narrow window', () => {
    const narrow = drawn(humanReporter, mixed, {}, 24);
    for (const line of narrow.split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(24);
    expect(narrow).toContain('✗ strings/session-ttl\n    session:xyz has no\n    expiry;');
  });

  it('lets no escape code through', () => {
    const checks = [{ ...failed, message: 'k\x1b]0;x\x07 is `\x9b`\nnew' }];
    const evil = judged('a/\x1b[1mb', '\x1b[2J', { status: 'failed', checks });
    expect(drawn(humanReporter, [evil])).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});
