import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { courseFolder, lessonWith } from '../../test/setup/course-folder.ts';
import { type Exercise, exercisesOf } from '../course/course.ts';
import { loadCourse } from '../course/load.ts';
import { findServerProgram } from '../sandbox/find-program.ts';
import { Check, exitCodeOf, type Item, itemsFor } from './check.ts';
import type { Result } from './result.ts';

const at = { file: 'a', line: 1, column: 1 };
const result = (status: Result['status'], more: Partial<Result> = {}): Result => ({
  id: 'a/b',
  title: 'T',
  status,
  score: status === 'passed' ? 1 : 0,
  max: status === 'skipped' ? 0 : 1,
  message: '',
  checks: [],
  ...(status === 'error' && { fault: 'usage' as const }),
  ...more,
});

describe('the exit code', () => {
  const [passed, failed, missing, skipped] = (['passed', 'failed', 'missing', 'skipped'] as const).map(
    (one) => result(one),
  ) as [Result, Result, Result, Result];
  const error = (fault: Result['fault'] & string) => result('error', { fault });

  test.each<[string, Result[], number | undefined, number]>([
    ['all passed', [passed, passed], undefined, 0],
    ['what is skipped counts for nothing', [passed, skipped], undefined, 0],
    ['one failed', [passed, failed], undefined, 1],
    ['one has no answer', [passed, missing], undefined, 1],
    ['nothing was judged', [], undefined, 2],
    ['nothing but what is skipped', [skipped, skipped], undefined, 2],
    ['nothing but what is missing', [missing, skipped], undefined, 2],
    ['a mistake outweighs a failure', [failed, error('usage')], undefined, 2],
    ['a lost server outweighs a mistake', [error('usage'), error('redis')], undefined, 3],
    ['the course outweighs all', [passed, error('redis'), error('course'), error('usage')], undefined, 4],
    ['enough points', [passed, failed, missing], 1, 0],
    ['too few points', [passed, failed, missing], 2, 1],
    ['enough points, whatever mistake there is', [passed, error('usage')], 1, 0],
    ['too few points, and a mistake', [passed, error('usage')], 2, 2],
    ['enough points, and a checker that failed', [passed, error('course')], 1, 4],
    ['enough points for nothing', [skipped], 0, 2],
  ])('%s', (_, results, least, code) => {
    expect(exitCodeOf(results, least)).toBe(code);
  });
});

describe('points', () => {
  const PARTS = `id: visit
parts: true
given: [SET kept 1]
checks:
  - { key: kept, string: "1" }
  - { key: visitor:8, string: Bo, ttl: 60 }
  - avoided: DEL
worlds:
  - { also: [SET visitor:9 x], checks: { key: visitor:8, string: Bo } }
solution: SET visitor:8 Bo EX 60`;
  let check: Check;
  beforeAll(async () => {
    check = await Check.open({
      sandbox: { redis: null, program: await findServerProgram() },
      limit: 2000,
      trusted: false,
      telling: { hints: 1, solutions: true },
      worlds: true,
      jobs: 1,
    });
  });
  afterAll(() => check.close());

  async function exerciseOf(block: string, course = 'points: {first: 2, first/visit: 6}'): Promise<Exercise> {
    const dir = await courseFolder({
      'course.yaml': `id: sample\ntitle: S\nfloor: "6.2"\nlessons: [first]\n${course}\n`,
      'first.md': lessonWith(block),
    });
    const loaded = await loadCourse(dir);
    expect(loaded.problems).toEqual([]);
    return exercisesOf(loaded.course!)[0]!;
  }

  async function scoreOf(block: string, ...lines: string[]) {
    const exercise = await exerciseOf(block);
    const answer = { kind: 'lines' as const, lines: lines.map((text) => ({ text, at })), at };
    for await (const one of check.results([{ exercise, answer }])) return one;
    throw new Error('no result');
  }

  test('are what the course says, of the exercise before those of its lesson', async () => {
    expect((await exerciseOf('id: visit')).points).toBe(6);
    expect((await exerciseOf('id: visit', 'points: {first: 0.5}')).points).toBe(0.5);
    expect(await scoreOf('id: visit', 'SET visitor:8 Bo')).toMatchObject({ score: 6, max: 6 });
    expect(await scoreOf('id: visit', 'SET visitor:8 bo')).toMatchObject({ score: 0, max: 6 });
  });

  test('are given in parts where the author wants that, for what did not hold from the start', async () => {
    expect(await scoreOf(PARTS, 'SET visitor:8 Bo EX 60')).toMatchObject({ status: 'passed', score: 6 });
    // Of the value, the expiry and the worlds, the value.
    expect(await scoreOf(PARTS, 'SET visitor:8 Bo')).toMatchObject({ status: 'failed', score: 2, max: 6 });
    expect(await scoreOf(PARTS, 'SET visitor:8 bo')).toMatchObject({ status: 'failed', score: 0 });
    expect(await scoreOf(PARTS, 'PING')).toMatchObject({ status: 'failed', score: 0 });
  });

  test('are none where given data came to harm', async () => {
    const harmed = PARTS.replace('  - { key: kept, string: "1" }\n', '');
    expect(await scoreOf(harmed, 'SET visitor:8 Bo')).toMatchObject({ score: 2 });
    expect(await scoreOf(harmed, 'FLUSHALL', 'SET visitor:8 Bo')).toMatchObject({ score: 0 });
  });

  test('of what is not in the course are a mistake of the course', async () => {
    const dir = await courseFolder({
      'course.yaml': `id: sample\ntitle: S\nfloor: "6.2"\nlessons: [first]\npoints: {frist: 2, first/visit: -1}\n`,
      'first.md': lessonWith(),
    });
    const { course, problems } = await loadCourse(dir);
    expect(course).toBeUndefined();
    expect(problems.map(({ at, message }) => `${at.line} ${message}`)).toEqual([
      expect.stringMatching(/^5 .*-1|^5 .*0/),
      '5 There is no lesson or exercise "frist".',
    ]);
  });

  test('hints and a solution are told as far as asked for, of what did not pass alone', async () => {
    expect(await scoreOf('id: visit', 'SET visitor:8 bo')).toMatchObject({
      hints: ['one'],
      solution: 'SET visitor:8 Bo',
    });
    const passed = await scoreOf('id: visit', 'SET visitor:8 Bo');
    expect(passed).not.toHaveProperty('hints');
    expect(passed).not.toHaveProperty('solution');
  });

  test('what many keys have in common is one check with a count', async () => {
    const block = 'id: visit\ngiven:\n  - { repeat: 300, run: "SET key:{n} {n}" }';
    const one = await scoreOf(block, 'FLUSHALL', 'SET visitor:8 Bo');
    expect(one.checks.filter(({ kind }) => kind === 'given')).toMatchObject([
      { count: 300, status: 'failed' },
    ]);
    expect(JSON.stringify(one).length).toBeLessThan(2000);
    expect(one.message.split('\n')).toHaveLength(1);
  });

  test('come in order, whatever comes first, and what has a mistake is not judged', async () => {
    const exercise = await exerciseOf('id: visit');
    const lines = (text: string) => ({ kind: 'lines' as const, lines: [{ text, at }], at });
    const items: Item[] = [
      { exercise, answer: lines('SET visitor:8 Bo') },
      ...itemsFor([exercise], new Map([[exercise.id, { at, mistakes: [{ at, message: 'oh' }] }]])),
      { exercise },
      { exercise, answer: lines('BLPOP nothing 0.1') },
    ];
    const seen: string[] = [];
    for await (const { status } of check.results(items)) seen.push(status);
    expect(seen).toEqual(['passed', 'error', 'missing', 'failed']);
  });
});
