import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadCourse } from '../src/course/load.ts';
import { type Ran, run as runIn } from './setup/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'rediscover-new-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: string[]): Promise<Ran> {
  return runIn(args, { home: folder, cwd: folder });
}

describe('rediscover course new', () => {
  it('makes a course that lints and tests clean', async () => {
    const made = await run(['course', 'new', 'red-pandas']);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('rediscover course lint red-pandas');
    expect(readdirSync(join(folder, 'red-pandas')).sort()).toEqual([
      'README.md',
      'course.schema.json',
      'course.yaml',
      'first-steps.md',
    ]);
    expect(await run(['course', 'lint', 'red-pandas'])).toMatchObject({
      code: 0,
      stdout: 'No mistakes in 1 lesson, 1 exercise.\n',
    });
    const tested = JSON.parse(
      (await run(['course', 'test', '--trust-course', '--json', 'red-pandas'])).stdout,
    );
    expect(tested).toMatchObject({
      clean: true,
      findings: [],
      counts: { exercises: 1, answers: 4, rejects: 3, demos: 1 },
    });
    expect(tested.counts.mutants).toBeGreaterThan(3);
  });

  it.each(['007', '2026', 'true', 'null', '1e3'])(
    'quotes a name that YAML would take for something else: %s',
    async (name) => {
      expect((await run(['course', 'new', name])).code).toBe(0);
      const { course, problems } = await loadCourse(join(folder, name));
      expect(problems).toEqual([]);
      expect(course!.id).toBe(name);
    },
  );

  it('overwrites nothing and leaves nothing behind', async () => {
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'README.md'), 'mine\n');
    const refused = await run(['course', 'new', 'other', 'mine']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('mine/README.md is there already; nothing was written.');
    expect(readdirSync(join(folder, 'mine'))).toEqual(['README.md']);
    expect(readFileSync(join(folder, 'mine', 'README.md'), 'utf8')).toBe('mine\n');
  });

  it.each([
    ['Red Pandas', 'Try: rediscover course new red-pandas'],
    ['../pandas', 'Try: rediscover course new pandas'],
    ['Café', 'Try: rediscover course new cafe'],
    ['猫', 'Try: rediscover course new my-course'],
  ])('refuses the name %j and tells another', async (name, next) => {
    const refused = await run(['course', 'new', '--', name]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(next);
    expect(existsSync(join(folder, name))).toBe(false);
  });
});
