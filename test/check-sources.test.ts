import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Pipe } from './setup/pipe.ts';
import { run } from './setup/run.ts';
import { folder, serve } from './setup/sandbox-stage.ts';
import { freshHome, hasTerminal, newcomer, PROGRAM, Terminal } from './setup/terminal.ts';

const HEADER = '#! rediscover answers v1';
const tiny = resolve('fixtures/courses/tiny');
const statuses = (stdout: string) =>
  Object.fromEntries(
    (JSON.parse(stdout).exercises as { id: string; status: string }[]).map(({ id, status }) => [id, status]),
  );

describe('--state', () => {
  const state = (url: string, ...flags: string[]) =>
    run(['check', '--course', tiny, '--state', '--redis', url, '-f', 'json', ...flags], {
      home: freshHome(),
    });

  test('judges what a server holds now, whoever made it, and changes nothing', async () => {
    const { port, cli } = await serve();
    cli('-n', '3', 'SET', 'visitor:8', 'Bo');
    cli('-n', '3', 'SET', 'code:bo', '0815', 'EX', '250');
    cli('-n', '3', 'SET', 'visitor:7', 'Ana Lima');
    cli('-n', '3', 'SET', 'theirs', '1');
    const before = [cli('-n', '3', 'DBSIZE'), cli('-n', '3', 'CLIENT', 'LIST').split('\n').length];
    const ran = await state(`redis://127.0.0.1:${port}/3`);
    expect(statuses(ran.stdout)).toEqual({
      'first/visit': 'passed',
      // 250 s are left of 5 minutes.
      'first/code': 'passed',
      'first/podium': 'failed',
    });
    expect([ran.code, JSON.parse(ran.stdout).redis]).toEqual([1, expect.stringMatching(/:\d+, database 3$/)]);
    expect([cli('-n', '3', 'DBSIZE'), cli('-n', '3', 'CLIENT', 'LIST').split('\n').length]).toEqual(before);
    expect(cli('ACL', 'LIST').split('\n')).toHaveLength(1);
  });

  test('fails what is not as it should be, with the reason', async () => {
    const { port, cli } = await serve();
    cli('MSET', 'visitor:7', 'Ana Lima', 'visitor:8', 'bo');
    cli('SET', 'code:bo', '0815', 'EX', '3000');
    const ran = await state(`redis://127.0.0.1:${port}`, 'first/visit', 'first/code');
    const [visit, code] = JSON.parse(ran.stdout).exercises;
    expect(visit.message).toContain('visitor:8 should be "Bo"; it is "bo".');
    expect(code.message).toContain('code:bo should expire in 5 minutes (300 s); it expires in 50 minutes');
    expect(ran.code).toBe(1);
  });

  test('passes nothing where nothing shows', async () => {
    const { port } = await serve();
    const flags = ['check', 'connecting/hello', '--state', '--redis', `redis://127.0.0.1:${port}`];
    const ran = await run([...flags, '-f', 'json'], { home: freshHome() });
    expect([ran.code, statuses(ran.stdout)]).toEqual([2, { 'connecting/hello': 'skipped' }]);
    expect(ran.stderr).toContain('Nothing was judged: that is no pass.');
  });

  test('keeps the given state: what is gone of it is told', async () => {
    const { port, cli } = await serve();
    cli('SET', 'visitor:8', 'Bo');
    const url = `redis://127.0.0.1:${port}`;
    const without = await state(url, 'first/visit');
    const [{ message }] = JSON.parse(without.stdout).exercises;
    expect([without.code, message]).toEqual([1, expect.stringContaining('visitor:7')]);
    cli('SET', 'visitor:7', 'Ana Lima');
    expect((await state(url, 'first/visit')).code).toBe(0);
  });

  test('needs a server that is named, and goes with no answers', async () => {
    const bare = await run(['check', '--state'], { home: freshHome() });
    expect([bare.code, bare.stderr]).toEqual([2, expect.stringContaining('has to be named')]);
    const both = await run(['check', '--state', '-a', 'x', '--redis', 'redis://127.0.0.1:1'], {
      home: freshHome(),
    });
    expect([both.code, both.stderr]).toEqual([
      2,
      expect.stringContaining('--answers and --state do not go together'),
    ]);
  });
});

describe('--from-progress', () => {
  test.skipIf(!hasTerminal)('judges again what was solved at the prompt', async () => {
    const home = freshHome();
    const terminal = new Terminal(['learn', 'strings/session-ttl'], { home });
    onTestFinished(() => terminal.close());
    await terminal.until('redis>');
    terminal.line('SET session:xyz "user_data" EX 180');
    await terminal.until('Not yet');
    terminal.line('EXPIRE session:xyz 1800');
    await terminal.until('Solved');
    terminal.type('\x04');
    await terminal.exit;
    const { stdout, code } = await run(['check', '--from-progress', '--only-answered', '-f', 'json'], {
      home,
    });
    expect([code, statuses(stdout)]).toEqual([0, { 'strings/session-ttl': 'passed' }]);
    const kept = readFileSync(join(home, 'rediscover', 'progress.json'), 'utf8');
    expect(JSON.parse(kept).courses.redis.exercises['strings/session-ttl'].answer.lines).toEqual([
      'SET session:xyz user_data EX 180',
      'EXPIRE session:xyz 1800',
    ]);
  });

  test('takes the record for what it is: an answer that does not hold fails', async () => {
    const home = freshHome();
    mkdirSync(join(home, 'rediscover'));
    const mark = { status: 'solved', at: '2026-01-01T00:00:00.000Z', attempts: 1, hints: 0 };
    const exercises = {
      'first/visit': { ...mark, answer: { lines: ['SET visitor:8 bo'] } },
      'first/code': { ...mark, answer: { lines: 3 } },
      'first/podium': mark,
    };
    const progress = { version: 1, courses: { tiny: { exercises } } };
    writeFileSync(join(home, 'rediscover', 'progress.json'), JSON.stringify(progress));
    const flags = ['check', '--course', tiny, '--from-progress', '-f', 'json'];
    const { stdout, code } = await run(flags, { home });
    expect(statuses(stdout)).toEqual({
      'first/visit': 'failed',
      'first/code': 'missing',
      'first/podium': 'missing',
    });
    expect(code).toBe(1);
  });

  test('says where there is no record', async () => {
    const { code, stderr } = await run(['check', '--from-progress'], { home: freshHome() });
    expect([code, stderr]).toEqual([2, expect.stringContaining('Your progress holds an answer to none')]);
  });
});

describe('--watch', () => {
  test('judges what is saved again, and that alone, be it saved in place or by a rename', async () => {
    const place = folder();
    const file = join(place, 'my.answers');
    const text = (visit: string) => `${HEADER}\n== first/visit\n${visit}\n== first/code\n@file code.mjs\n`;
    writeFileSync(file, text('SET visitor:8 bo'));
    writeFileSync(join(place, 'code.mjs'), "await client.set('code:bo', '0815')");
    const report = join(place, 'report.csv');
    const args = [
      'check',
      '--course',
      tiny,
      '-a',
      file,
      '--only-answered',
      '--watch',
      '--report',
      `csv=${report}`,
    ];
    const watching = new Pipe(process.execPath, [PROGRAM, ...args], newcomer(freshHome()));
    onTestFinished(() => void watching.child.kill('SIGKILL'));
    await watching.until('0 of 2 passed, 2 failed.');
    const shown = (from: number) => watching.stdout.slice(from);

    let from = watching.stdout.length;
    writeFileSync(file, text('SET visitor:8 Bo'));
    await watching.until('1 of 2 passed, 1 failed.');
    expect(shown(from)).toContain('first/visit');
    expect(shown(from)).not.toContain('first/code');

    from = watching.stdout.length;
    writeFileSync(join(place, 'new'), "await client.set('code:bo', '0815', { EX: 300 })");
    renameSync(join(place, 'new'), join(place, 'code.mjs'));
    await watching.until('\n2 of 2 passed.');
    expect(shown(from)).toContain('first/code');
    expect(shown(from)).not.toContain('first/visit');
    expect(readFileSync(report, 'utf8').match(/,passed,/g)).toHaveLength(2);

    // A comment is no answer, and a mistake is told and mended.
    writeFileSync(file, `${text('SET visitor:8 Bo')}# a remark\n`);
    writeFileSync(file, 'nothing');
    while (!watching.stderr.includes('the first line should be')) await once(watching.child.stderr, 'data');
    from = watching.stdout.length;
    writeFileSync(file, text('SET visitor:8 "Bo'));
    await watching.until('1 could not be checked.');
    expect(shown(from)).toMatch(/the quotes do not\s+balance/);
    watching.child.kill('SIGINT');
    await watching.ended();
  });

  test('has files to watch, or says so', async () => {
    const { code, stderr } = await run(['check', '-a', '-', '--watch'], {
      home: freshHome(),
      input: `${HEADER}\n== strings/first-value\nPING\n`,
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining('--watch judges what is saved in files')]);
  });
});
