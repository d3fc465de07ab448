import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Check, examine } from '../src/commands/doctor.ts';
import { folder, pathOf, program, serve } from './setup/sandbox-stage.ts';

const screen = { isTTY: true, columns: 100, rows: 40, getColorDepth: () => 8 };
const search = { progress: () => {} };
const patient = { screen, search, node: '20.20.2' };

const find = (checks: Check[], id: string) => checks.find((check) => check.id === id);

describe('the doctor of a machine that is well', () => {
  let checks: Check[];
  beforeAll(async () => {
    checks = await examine({}, patient);
  });

  test('finds nothing that stands in the way', () => {
    expect(checks.filter((check) => check.status === 'failed')).toEqual([]);
  });

  test('names the server, its version and how fast it answers', () => {
    expect(find(checks, 'version')).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/^(Redis|Valkey) \d+\.\d+\.\d+, .*6\.2 or newer/),
    });
    expect(find(checks, 'server')!.message).toMatch(/starts in \d+ ms and answers PING in [\d.]+ ms/);
  });

  test('has tried what a learner must not be able to do', () => {
    expect(find(checks, 'learner')).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('can not end'),
    });
  });

  test('says what each provider found', () => {
    const ids = checks.map((check) => check.id).filter((id) => id.startsWith('provider-'));
    expect(ids).toEqual(
      expect.arrayContaining([
        'provider-path',
        'provider-cache',
        'provider-homebrew',
        'provider-docker',
        'provider-source',
      ]),
    );
  });
});

describe('the doctor of a machine that is not', () => {
  async function ill(
    change: { node?: string; screen?: object; search?: object },
    flags = {},
  ): Promise<Check[]> {
    return examine(flags, {
      ...patient,
      ...change,
      screen: { ...screen, ...change.screen },
      search: { ...search, ...change.search },
    });
  }

  test('names an old Node', async () => {
    expect(find(await ill({ node: '20.9.0' }), 'node')).toMatchObject({
      status: 'failed',
      next: expect.stringContaining('newer Node'),
    });
  });

  test('says that there is no server, and what to do', async () => {
    const checks = await ill({
      search: { env: { PATH: pathOf({}) }, usualFolders: [], cacheFolder: folder() },
    });
    expect(find(checks, 'server')).toMatchObject({
      status: 'failed',
      next: expect.stringContaining('redis-server'),
    });
  });

  test('names a server that is found and does not start', async () => {
    const standIn = `[ "$1" = --version ] && echo 'Redis server v=7.2.4 x' || { echo 'cannot open shared object file'; exit 127; }`;
    const checks = await ill({
      search: { env: { PATH: pathOf({ 'redis-server': standIn }) }, usualFolders: [], cacheFolder: folder() },
    });
    expect(find(checks, 'server')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('cannot open shared object file'),
    });
  });

  test('names folders that can not be written to', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    const checks = await ill({ search: { cacheFolder: join(file, 'cache') } });
    expect(find(checks, 'cache')).toMatchObject({
      status: 'warning',
      next: expect.stringContaining('REDISCOVER_HOME'),
    });
  });

  test('names a narrow terminal, and a missing one without alarm', async () => {
    expect(find(await ill({ screen: { columns: 40 } }), 'terminal')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('40x40, 256 colours'),
    });
    expect(find(await ill({ screen: { isTTY: false } }), 'terminal')).toMatchObject({ status: 'skipped' });
  });

  test('names a missing redis-py without alarm', async () => {
    const PATH = pathOf({ python3: 'echo "No module named redis" >&2; exit 1' });
    const checks = await ill({ search: { env: { PATH } } });
    expect(find(checks, 'python')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('no redis-py'),
    });
  });
});

describe('the doctor of a named server', () => {
  test('looks at it and starts none of our own', async () => {
    const { port, cli } = await serve();
    const redis = `redis://127.0.0.1:${port}`;
    const checks = await examine({ redis }, patient);
    expect(['server', 'version', 'permissions', 'database'].map((id) => find(checks, id)?.status)).toEqual([
      'ok',
      'ok',
      'ok',
      'ok',
    ]);
    expect(checks.some((check) => check.id.startsWith('provider-'))).toBe(false);
    expect(cli('DBSIZE')).toBe('0');

    cli('SET', 'theirs', '1');
    expect(find(await examine({ redis }, patient), 'database')).toMatchObject({
      status: 'warning',
      message: 'Database 0 holds 1 key',
    });
  });

  test('says what stands in the way', async () => {
    const checks = await examine({ redis: 'redis://127.0.0.1:1' }, patient);
    expect(find(checks, 'server')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('Nothing listens'),
    });
  });
});

describe('as a program, the doctor', () => {
  let main: string;
  beforeAll(async () => {
    main = await program(
      `
      import { runDoctor } from '../src/commands/doctor.ts';
      process.exitCode = await runDoctor(JSON.parse(process.argv[2]));
    `,
      'doctor',
      (undo) => afterwards.push(undo),
    );
  });
  const afterwards: (() => void)[] = [];
  afterAll(() => {
    for (const undo of afterwards) undo();
  });
  const run = (flags: object) =>
    promisify(execFile)(process.execPath, [main, JSON.stringify(flags)], {
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }) => ({ code, stdout }),
    );

  test('prints a verdict per line and ends with 0, or with 3 where lessons can not be learned', async () => {
    const well = await run({});
    expect(well).toMatchObject({ code: 0, stdout: expect.stringMatching(/^✓ Node /) });
    expect(await run({ redis: 'redis://127.0.0.1:1' })).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('✗ Nothing listens'),
    });
  });

  test('prints JSON alone where asked to', async () => {
    const { code, stdout } = await run({ json: true, redis: 'redis://127.0.0.1:1' });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'rediscover.doctor/1',
      checks: expect.arrayContaining([expect.objectContaining({ id: 'server', status: 'failed' })]),
    });
  });
});
