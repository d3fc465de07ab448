import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pythonMissing } from '../src/code/python.ts';
import { run } from './setup/run.ts';
import { folder, serve } from './setup/sandbox-stage.ts';
import { TINY } from './setup/solved.ts';
import { freshHome } from './setup/terminal.ts';

const courseTest = (dir: string, ...flags: string[]) =>
  run(['course', 'test', '--trust-course', dir, ...flags], { home: freshHome() });
const withoutPython = (await pythonMissing()) !== undefined;

/** A copy of the tiny course with these words of its lesson replaced. */
function changed(...changes: [from: string, to: string][]): string {
  const dir = join(folder(), 'course');
  cpSync(TINY, dir, { recursive: true });
  let lesson = readFileSync(join(dir, 'first.md'), 'utf8');
  for (const [from, to] of changes) {
    expect(lesson).toContain(from);
    lesson = lesson.replace(from, to);
  }
  writeFileSync(join(dir, 'first.md'), lesson);
  return dir;
}

/** All that a course test finds wrong, as `rule message`. */
async function findings(dir: string): Promise<string[]> {
  const { code, stdout } = await courseTest(dir, '--json');
  const report = JSON.parse(stdout);
  expect([report.clean, code]).toEqual([false, 4]);
  return report.findings.map((one: { rule: string; message: string }) => `${one.rule} ${one.message}`);
}

describe('course test', () => {
  test('finds nothing in a course that is right, and says what it tried and skipped', async () => {
    const { code, stdout } = await courseTest(TINY);
    expect(stdout).toMatch(
      /^3 exercises: 8 answers, [12] snippets, 0 modules, 9 near misses, \d+ mutants, 0 worlds and 3 demos tried in [\d.]+ s\.\n/,
    );
    if (withoutPython) expect(stdout).toContain('1 piece of code skipped: python3 has no redis-py.\n');
    expect(stdout).toContain('✓ The course is clean.\n');
    expect(code).toBe(0);
  });

  test('names the mutant that survives, its place and the exercise, and ends with 4', async () => {
    const dir = changed(['    ttl: 300\n', ''], ['    because: no expiry', '    because: nothing']);
    const { code, stdout, stderr } = await courseTest(dir);
    expect(stdout).toMatch(
      /first\.md:\d+:\d+: first\/code: a wrong answer passes: SET code:bo 0815 EX 301 \[mutant-survives\]/,
    );
    expect(stdout).toMatch(
      /first\.md:\d+:\d+: first\/code: the near miss SET code:bo 0815 passes \[reject-passes\]/,
    );
    expect(stdout).toMatch(/✗ \d+ things are wrong\.\n$/);
    expect(stdout + stderr).not.toContain('\x1b');
    expect(code).toBe(4);
  });

  test('finds a given state that passes, or fails, a demo that errs and a snippet that fails', async () => {
    const found = await findings(
      changed(
        ['  - SET visitor:7 "Ana Lima"\nchecks', '  - SET visitor:8 Bo\nchecks'],
        ['TTL code:ana', 'LPUSH code:ana x'],
        ['    run: SET lap:{n} {n}', '    run: LPOP lap:{n} x'],
        ["  node: await client.set('visitor:8', 'Bo')", "  node: await client.set('visitor:8', nobody)"],
      ),
    );
    expect(found).toEqual(
      expect.arrayContaining([
        'given-passes passes before anything is done',
        expect.stringMatching(/^demo-error the demo LPUSH code:ana x answers an error: WRONGTYPE/),
        expect.stringMatching(/^error the given command "LPOP lap:1 x" fails: ERR/),
        'code-fails the node snippet does not pass: The code failed: line 1: ReferenceError: nobody is not defined.',
      ]),
    );
  });

  test('tells programs everything, and them alone', async () => {
    const { code, stdout, stderr } = await courseTest(TINY, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'rediscover.course-test/1',
      course: 'tiny',
      redis: stderr.trim(),
      clean: true,
      counts: { exercises: 3, answers: 8, rejects: 9, demos: 3 },
      findings: [],
    });
    expect(code).toBe(0);
  });

  test('ends with 4 where the course cannot be read', async () => {
    const dir = changed(['string: Bo', 'strng: Bo']);
    const { code, stdout, stderr } = await courseTest(dir, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'rediscover.error/1', exitCode: 4 });
    expect(stderr).toMatch(/first\.md:28:5: .*strng/);
    expect(code).toBe(4);
  });
});

describe('course test on a server that the user names', () => {
  test.each([
    ['by TCP', ({ port }: { port: number }) => `redis://127.0.0.1:${port}`],
    ['by a unix socket', ({ socket }: { socket: string }) => `unix://${socket}`],
  ])('runs everything, snippets too, and leaves no key: %s', async (_, urlOf) => {
    const server = await serve();
    const { code, stdout } = await courseTest(TINY, '--json', '--redis', urlOf(server as never));
    const { counts, findings } = JSON.parse(stdout);
    expect(findings).toEqual([]);
    expect(counts.snippets).toBe(withoutPython ? 1 : 2);
    expect([code, server.cli('DBSIZE')]).toEqual([0, '0']);
  });

  test('follows what snippets run there, and nobody else', async () => {
    const { port } = await serve();
    const dir = changed(['    string: Bo\n', '    string: Bo\n  - avoided: SET\n']);
    const { code, stdout } = await courseTest(dir, '--redis', `redis://127.0.0.1:${port}`);
    expect(stdout).toMatch(/the node snippet does not pass.*SET/s);
    expect(code).toBe(4);
  });
});
