import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { exercisesOf } from '../src/course/course.ts';
import { loadCourse } from '../src/course/load.ts';
import { run } from './setup/run.ts';
import { folder } from './setup/sandbox-stage.ts';
import { freshHome, newcomer, PROGRAM } from './setup/terminal.ts';

const HEADER = '#! rediscover answers v1';
const faulty = resolve('fixtures/courses/faulty');

/** An answers file in a folder of its own, with files beside it. */
function answers(text: string, files: Record<string, string> = {}): string {
  const made = folder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(made, name), content);
  writeFileSync(join(made, 'my.answers'), `${HEADER}\n${text}`);
  return join(made, 'my.answers');
}

/** What Redis picks at random, and the time of day, are in no two runs the same. */
const BY_CHANCE = /^(SPOP|SRANDMEMBER|RANDOMKEY|HRANDFIELD|ZRANDMEMBER|XADD|XREAD)\b/i;

/** Solutions and near misses of the course's lines in turn: half of it passes. */
async function halfRight(): Promise<string> {
  const { course } = await loadCourse('lessons');
  const all = exercisesOf(course!).filter(({ module, server }) => !module && !server);
  return all
    .map(({ id, solution, reject }, index) => {
      const wrong = reject.find(({ try: one }) => one.kind === 'lines')?.try;
      const answer = index % 2 === 0 || wrong?.kind !== 'lines' ? solution : wrong;
      if (answer === wrong && answer.lines.some(({ text }) => BY_CHANCE.test(text))) return '';
      return `== ${id}\n${answer.lines.map(({ text }) => text).join('\n')}\n`;
    })
    .join('');
}

test('a broken course is the fault of the course, with file and line, and nobody passes or fails by it', async () => {
  const text = ['one', 'two', 'three'].map((name) => `== c/${name}\n@file m.js\n`).join('');
  const file = answers(`${text}== c/four\nSET a x\n== c/five\nSET a x\n`, {
    'm.js': 'export async function f() { return 1 }\n',
  });
  const flags = ['--course', faulty, '--trust-course', '--timeout', '1', '-a', file, '-f', 'json'];
  const { code, stdout } = await run(['check', ...flags], { home: freshHome() });
  const { exercises, score, max } = JSON.parse(stdout);
  expect(
    exercises.map(({ status, fault, message }: Record<string, string>) => [status, fault, message]),
  ).toEqual([
    [
      'error',
      'course',
      expect.stringMatching(/^code\/c\/one\/scenario\.ts:1\d:\d+: the scenario computes without end$/),
    ],
    ['error', 'course', expect.stringMatching(/^c\.md:\d+:\d+: "it works" waits for something/)],
    [
      'error',
      'course',
      expect.stringMatching(/^code\/c\/three\/scenario\.ts:8:1: "it works" threw TypeError/),
    ],
    ['error', 'course', expect.stringMatching(/^c\.md:\d+:\d+: the given command "INCR a b c" fails/)],
    ['passed', undefined, ''],
  ]);
  // What could not be judged counts all the same: it is no pass.
  expect([score, max]).toEqual([4, 12]);
  expect(code).toBe(4);
});

test('the same answers make the same bytes, run after run and however many jobs there are', async () => {
  const file = answers(await halfRight());
  const flags = ['check', '-a', file, '--only-answered', '--hints', '3', '--show-solutions', '-f', 'json'];
  const report = async (jobs: number) => {
    const made = folder();
    const kinds = ['junit', 'csv', 'markdown', 'tap'];
    const reports = kinds.flatMap((kind) => ['--report', `${kind}=${join(made, kind)}`]);
    const ran = await run([...flags, ...reports, '--jobs', String(jobs)], { home: freshHome() });
    expect(ran.code).toBe(1);
    return [ran.stdout, ...kinds.map((kind) => readFileSync(join(made, kind), 'utf8'))];
  };
  const first = await report(1);
  expect(JSON.parse(first[0]!).exercises.length).toBeGreaterThan(100);
  expect(await report(8)).toEqual(first);
});

describe('a check that is killed', () => {
  test.each([40, 300, 900])('leaves no server, no file and no half of a report: after %i ms', async (ms) => {
    const [out, temporary] = [folder(), folder()];
    const report = join(out, 'report.xml');
    writeFileSync(report, 'the old one');
    const file = answers(await halfRight());
    const args = ['check', '-a', file, '--only-answered', '--report', `junit=${report}`];
    const env = { ...newcomer(freshHome()), TMPDIR: temporary, XDG_RUNTIME_DIR: '' };
    const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: 'ignore' });
    await sleep(ms);
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    while (readdirSync(temporary).length > 0 || processesIn(temporary).length > 0) await sleep(5);
    expect(readdirSync(out)).toEqual(['report.xml']);
    expect(readFileSync(report, 'utf8')).toMatch(/^the old one$|^<\?xml[\s\S]*<\/testsuites>\s*$/);
  });

  test('by Ctrl-C is ended as by any, with 130 and the old report', async () => {
    const [out, temporary] = [folder(), folder()];
    const report = join(out, 'report.json');
    writeFileSync(report, 'the old one');
    const file = answers('== strings/first-value\nBLPOP nothing 0\nBLPOP nothing 0\n');
    const args = ['check', '-a', file, '--only-answered', '--report', `json=${report}`, '--timeout', '100'];
    const env = { ...newcomer(freshHome()), TMPDIR: temporary, XDG_RUNTIME_DIR: '' };
    const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    await once(child.stderr!, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readFileSync(report, 'utf8')).toBe('the old one');
  });
});

test('a report is told of early where it could not be written', async () => {
  const file = answers('== strings/first-value\nPING\n');
  for (const [wanted, words] of [
    [
      'junit=/nowhere/report.xml',
      'The report /nowhere/report.xml cannot be written: there is no such folder.',
    ],
    [`junit=${folder()}`, 'cannot be written: it is a folder'],
    ['junit', '--report "junit" names no kind of report.'],
    ['html=a', '--report "html=a" names no kind of report.'],
    ['junit=', '--report junit= names no file.'],
  ]) {
    const ran = await run(['check', '-a', file, '--report', wanted!], { home: freshHome() });
    expect(ran.stderr).toContain(words);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
  }
});

test('reports say what went wrong where nothing was judged at all', async () => {
  const out = folder();
  const file = answers('GET a\n');
  const kinds = ['json', 'junit', 'gradescope', 'exercism'];
  const reports = kinds.flatMap((kind) => ['--report', `${kind}=${join(out, kind)}`]);
  const ran = await run(['check', '-a', file, ...reports], { home: freshHome() });
  expect(ran.code).toBe(2);
  for (const kind of kinds)
    expect(readFileSync(join(out, kind), 'utf8')).toContain('a line before the first section');
  expect(existsSync(join(out, '.json'))).toBe(false);
});

test('a report goes where a link leads, keeps its permissions, and no device is replaced', async () => {
  const out = folder();
  mkdirSync(join(out, 'real'));
  writeFileSync(join(out, 'real', 'r.csv'), 'old', { mode: 0o640 });
  symlinkSync('real/r.csv', join(out, 'link.csv'));
  const file = answers('== strings/first-value\nPING\n');
  const flags = ['--report', `csv=${join(out, 'link.csv')}`, '--report', 'tap=/dev/null'];
  await run(['check', '-a', file, '--only-answered', ...flags], { home: freshHome() });
  expect(lstatSync(join(out, 'link.csv')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(out, 'real', 'r.csv'), 'utf8')).toContain('strings/first-value');
  expect(statSync(join(out, 'real', 'r.csv')).mode & 0o777).toBe(0o640);
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

/** Command lines of processes that have something to do with a folder. */
function processesIn(place: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return line.includes(place) ? [line] : [];
    } catch {
      return [];
    }
  });
}
