import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshHome, newcomer } from './setup/terminal.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'rediscover-pack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Packed {
  filename: string;
  size: number;
  unpackedSize: number;
  files: { path: string }[];
}
let packed: Packed;
const empty = join(folder, 'empty');

/** npm that cannot reach any registry. */
function npm(args: string[], cwd: string) {
  const env = { ...newcomer(freshHome()), npm_config_offline: 'true', npm_config_update_notifier: 'false' };
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd, env });
}

/** What npm has put where npx and scripts find it. */
const rediscover = async (...args: string[]) =>
  run(join(empty, 'node_modules', '.bin', 'rediscover'), args, { cwd: empty, env: newcomer(freshHome()) });

beforeAll(async () => {
  // What is built already is packed: a build in between would take it from under other tests.
  const { stdout } = await npm(
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    resolve('.'),
  );
  [packed] = JSON.parse(stdout);
  mkdirSync(empty);
  writeFileSync(join(empty, 'package.json'), '{"private": true}');
  await npm(['install', '--no-audit', '--no-fund', join(folder, packed.filename)], empty);
});

describe('the package', () => {
  test('holds the program, the lessons and nothing that only its makers need', () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['package.json', 'LICENSE', 'README.md', 'bin/rediscover.js', 'dist/cli.js']),
    );
    expect(paths).toEqual(
      expect.arrayContaining(['lessons/course.yaml', 'dist/course.json', 'dist/node-driver.js']),
    );
    const makers =
      /^(src|test|bench|fixtures|scripts|\.ci|node_modules)\/|course-compile|bench|\.test\.|\.map$|^\.|config/;
    expect(paths.filter((path) => makers.test(path))).toEqual([]);
    console.log(
      `package: ${Math.round(packed.size / 1024)} kB, ${Math.round(packed.unpackedSize / 1024)} kB unpacked`,
    );
    expect(packed.size).toBeLessThan(2_000_000);
  });

  test('needs no other package, and runs nothing when it is installed', () => {
    const {
      scripts = {},
      dependencies,
      optionalDependencies,
    } = JSON.parse(readFileSync(join(empty, 'node_modules', 'rediscover', 'package.json'), 'utf8'));
    expect([dependencies, optionalDependencies]).toEqual([undefined, undefined]);
    for (const hook of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(scripts).not.toHaveProperty(hook);
    const { packages } = JSON.parse(readFileSync(join(empty, 'package-lock.json'), 'utf8'));
    expect(Object.keys(packages)).toEqual(['', 'node_modules/rediscover']);
  });

  test('runs where it was installed: --version, list, and check on a real Redis', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const npx = await run('npx', ['--no-install', 'rediscover', '--version'], {
      cwd: empty,
      env: newcomer(freshHome()),
    });
    expect(npx.stdout).toBe(`${version}\n`);
    expect((await rediscover('list')).stdout).toContain('strings/');
    cpSync('fixtures', join(empty, 'fixtures'), { recursive: true });
    const answers = ['--course', 'fixtures/courses/tiny', '--answers', 'fixtures/answers/tiny.answers'];
    expect((await rediscover('check', ...answers)).stdout).toContain('3 of 3 passed.');
  });

  test('is a library: ESM, by dynamic import from CommonJS, with types that a compiler takes', async () => {
    const program = `
      const course = await loadCourse();
      const answers = {
        'strings/session-ttl': 'SET session:xyz user_data EX 1800',
        'strings/first-value': ['SET user:42:name "Grace'],
      };
      const run = check(course, { answers, onlyAnswered: true, jobs: 2 });
      const told = [];
      for await (const { id, status } of run) told.push([id, status]);
      const cut = check(course, { answers });
      for await (const _ of cut) break;
      const one = await check(course, { answers: { 'strings/session-ttl': 'PING' }, only: ['*ttl*'], hints: 1 }).summary();
      const wrong = await check(course, { answers: { 'no/such': '' } }).summary().catch((error) => error.exitCode);
      const { writeFileSync } = await import('node:fs');
      writeFileSync(process.argv[2], JSON.stringify({ told, sum: await run.summary(), redis: run.redis, one, wrong }));`;
    const expected = {
      told: [
        ['strings/first-value', 'error'],
        ['strings/session-ttl', 'passed'],
      ],
      sum: { score: 1, max: 2, exitCode: 2 },
      redis: expect.stringMatching(/^(Redis|Valkey) .*, private, /),
      one: { score: 0, max: 1, exitCode: 1 },
      wrong: 2,
    };
    writeFileSync(join(empty, 'lib.mjs'), `import { check, loadCourse } from 'rediscover';\n${program}`);
    writeFileSync(
      join(empty, 'lib.cjs'),
      `(async () => { const { check, loadCourse } = await import('rediscover');\n${program} })();`,
    );
    for (const file of ['lib.mjs', 'lib.cjs']) {
      const out = join(empty, `${file}.json`);
      const ran = await run(process.execPath, [file, out], { cwd: empty, env: newcomer(freshHome()) });
      // Nothing is written to the terminal.
      expect([ran.stdout, ran.stderr]).toEqual(['', '']);
      expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(expected);
    }
    writeFileSync(
      join(empty, 'lib.mts'),
      `import { check, loadCourse, type Result } from 'rediscover';
const results: Result[] = [];
for await (const result of check(await loadCourse(), { files: ['a'], minScore: '80%' })) results.push(result);
results.map(({ at, status }) => \`\${at?.line} \${status === 'passed'}\`);
// @ts-expect-error There is no such status.
results.some(({ status }) => status === 'perhaps');
`,
    );
    const flags = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--types',
      '',
      'lib.mts',
    ];
    const tsc = resolve('node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = await run(process.execPath, [tsc, ...flags], { cwd: empty }).catch((error) => error);
    expect(stdout).toBe('');
  });

  test('makes and proves a course, without the repository at hand', async () => {
    await rediscover('course', 'new', 'mine');
    expect((await rediscover('course', 'lint', 'mine')).stdout).toContain('No mistakes');
    expect((await rediscover('course', 'test', '--trust-course', 'mine')).stdout).toContain(
      'The course is clean.',
    );
  });
});

describe('the lock file', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { hasInstallScript?: boolean; optional?: boolean }>;
  };

  test('names no package that needs an install script', () => {
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    // fsevents serves macOS alone, and brings its binary along.
    expect(scripted.filter(([name, { optional }]) => !(optional && name.endsWith('/fsevents')))).toEqual([]);
  });

  test('names no registry: whoever installs it has their own', () => {
    const hosts = Object.values(packages as Record<string, { resolved?: string }>).flatMap(({ resolved }) =>
      resolved ? [new URL(resolved).host] : [],
    );
    expect(hosts).toEqual([]);
  });
});

test('the source of a checkout says how to build it', async () => {
  const bare = join(folder, 'bare');
  mkdirSync(join(bare, 'bin'), { recursive: true });
  cpSync('bin', join(bare, 'bin'), { recursive: true });
  symlinkSync(resolve('package.json'), join(bare, 'package.json'));
  expect(existsSync(join(bare, 'dist'))).toBe(false);
  await expect(run(process.execPath, [join(bare, 'bin', 'rediscover.js')])).rejects.toMatchObject({
    code: 2,
    stderr: 'Rediscover is not built yet. Run: npm run build\n',
  });
});
