import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { courseOf } from '../../test/setup/lesson.ts';
import { openSandbox } from '../sandbox/open.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { testCourse } from './course-test.ts';

let sandboxes: Sandbox[];
beforeAll(async () => {
  sandboxes = await Promise.all([openSandbox(), openSandbox()]);
});
afterAll(async () => {
  for (const sandbox of sandboxes ?? []) await sandbox.close();
});

async function findings(...blocks: string[]) {
  const result = await testCourse(await courseOf(...blocks), sandboxes);
  return result.findings.map(({ subject, rule, message }) => ({ subject, rule, message }));
}

const sound = `id: sound
checks:
  - key: stock:12
    string: "41"
hints: [a, b, c]
solution: SET stock:12 41
reject:
  - { try: SET stock:12 14, because: '"41"' }`;

describe('a course test', () => {
  test('finds nothing wrong with a sound exercise, and counts what it tried', async () => {
    const result = await testCourse(await courseOf(sound), sandboxes);
    expect(result.findings).toEqual([]);
    expect(result.counts).toMatchObject({ exercises: 1, answers: 1, rejects: 1 });
    expect(result.counts.mutants).toBeGreaterThan(3);
  });

  test('finds a given state that passes already', async () => {
    const given = sound.replace('checks:', 'given:\n  - SET stock:12 41\nchecks:');
    expect(await findings(given)).toContainEqual({
      subject: 'one/sound',
      rule: 'given-passes',
      message: 'passes before anything is done',
    });
  });

  test('finds a solution, an accepted answer and code that fail', async () => {
    const wrong = `${sound.replace('solution: SET stock:12 41', 'solution: SET stock:12 42')}
accept:
  - SET stock:21 41
code:
  node: await client.set('stock:12', '43')`;
    const found = await findings(wrong);
    expect(found).toContainEqual({
      subject: 'one/sound',
      rule: 'solution-fails',
      message: 'SET stock:12 42 does not pass: stock:12 should be "41"; it is "42".',
    });
    expect(found.map(({ rule }) => rule)).toContain('accept-fails');
  });

  test('finds a near miss that passes, and one that fails for another reason', async () => {
    const found = await findings(
      sound.replace('{ try: SET stock:12 14,', '{ try: SET stock:12 "41",'),
      sound.replace('id: sound', 'id: reason').replace(`'"41"'`, 'has no expiry'),
    );
    expect(found.map(({ subject, rule }) => [subject, rule])).toEqual([
      ['one/sound', 'reject-passes'],
      ['one/reason', 'reject-reason'],
    ]);
  });

  test('names a mutant that survives, with the command, unless it is listed as equivalent', async () => {
    const loose = sound.replace('string: "41"', 'type: string').replace(`because: '"41"'`, 'because: x');
    const survivors = (await findings(loose)).filter(({ rule }) => rule === 'mutant-survives');
    expect(survivors.map(({ message }) => message)).toContain('a wrong answer passes: SET stock:12 42');
    const listed = `${loose}\nequivalent:\n  - { mutant: "SET stock:12 *", because: any number will do }`;
    expect((await findings(listed)).filter(({ rule }) => rule === 'mutant-survives')).toEqual([]);
  });

  test('finds an equivalent that excuses nothing', async () => {
    const idle = `${sound}\nequivalent:\n  - { mutant: "GETSET *", because: no reason }`;
    expect((await findings(idle)).map(({ rule }) => rule)).toEqual(['equivalent-unused']);
  });

  test('goes on with the other exercises when one is broken', async () => {
    const broken = sound.replace('id: sound', 'id: broken').replace('checks:', 'given:\n  - INCR\nchecks:');
    const found = await findings(broken, sound);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ subject: 'one/broken', rule: 'error' });
  });
});
