import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { run } from './setup/run.ts';
import { freshHome, PROGRAM } from './setup/terminal.ts';

const home = freshHome();
const rediscover = (line: string, env: NodeJS.ProcessEnv = {}) =>
  run(line.split(' ').filter(Boolean), { home, env });

describe('a slip in the command line', () => {
  test.each([
    ['lst', 'did you mean "list"?'],
    ['chek --answers x', 'There is no command "chek"; did you mean "check"?'],
    ['--redis redis://localhost list', '"list" is a command, and commands come first.'],
    ['--answered check', 'Try: rediscover check, and its flags behind it'],
    ['learn shell', '"shell" is a command'],
    ['nonsense', 'There is no lesson or exercise "nonsense".'],
    ['strngs', 'did you mean "strings"?'],
    ['learn strings/nowhere', 'There is no lesson or exercise "strings/nowhere"'],
    ['learn sorted-set', 'did you mean "sorted-sets"?'],
    ['list --jsno', "Unknown option '--jsno'; did you mean --json?"],
    ['list strings', "Too many arguments for 'list'"],
    ['check', 'There is nothing to judge.'],
    ['check -a x --format xml', 'Allowed choices are human, json, tap, github.'],
    ['check -a x --jobs 0', 'It is not a number from 1 to 64.'],
    ['check -a x --hints 4', 'It is not a number from 0 to 3.'],
    ['check -a x --min-score most', 'It is neither a number of points nor a percentage'],
    ['check -a x --min-score 101%', 'It is neither a number of points nor a percentage'],
    ['check -a x --report xml=a', '--report "xml=a" names no kind of report.'],
    ['check -a x --report csv=a --report tap=a', 'Two reports would go to a.'],
    ['check -a x --timeout soon', 'It is not a number of seconds'],
    ['check -a x --timeout 0', 'It is not a number of seconds'],
    ['check -a', "Option '-a, --answers <file>' argument missing."],
    ['shell --db one', 'It is not a whole number.'],
    ['shell --redis localhost', 'does not begin with redis://'],
    ['progress rest', 'There is no command "rest"; did you mean "reset"?'],
    ['course', 'rediscover course goes on with one of: new, lint, test, schema.'],
    ['course lnt', 'There is no command "lnt"; did you mean "lint"?'],
    ['course new', "Missing required argument 'name'."],
    ['help chekc', 'There is no command "chekc"; did you mean "check"?'],
    ['completion tcsh', 'There is one for bash, zsh, fish.'],
  ])('ends with 2 and is put into words: %s', async (line, words) => {
    const { code, stdout, stderr } = await rediscover(line);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^\s+at |Error|defect/m);
    expect([stdout, code]).toEqual(['', 2]);
  });

  test.each([
    ['learn'],
    ['shell'],
    ['check', '--answers', 'x'],
    ['course', 'lint'],
    ['course', 'test'],
    ['doctor'],
  ])('ends with 2 where --redis is empty: %s', async (...words) => {
    const { code, stdout, stderr } = await run([...words, '--redis', ''], { home });
    expect(stderr).toContain('--redis names no server');
    expect(stderr).toContain('Write --redis redis://host:port');
    expect([stdout, code]).toEqual(['', 2]);
  });

  test('never shows what acts on a terminal', async () => {
    const { stderr } = await run(['learn', '\x1b[2Jx'], { home });
    expect(stderr).toContain('There is no lesson or exercise');
    expect(stderr).not.toContain('\x1b');
  });

  test('shows where it was found with DEBUG=rediscover alone', async () => {
    expect((await rediscover('lst', { DEBUG: 'rediscover' })).stderr).toMatch(/\n\s+at /);
    expect((await rediscover('lst', { DEBUG: 'express,other' })).stderr).not.toMatch(/\n\s+at /);
  });

  test('is a JSON error on standard output where JSON was asked for', async () => {
    const { stdout, stderr } = await rediscover('lit --json');
    expect(JSON.parse(stdout)).toEqual({
      schema: 'rediscover.error/1',
      message: 'There is no command "lit"; did you mean "list"?',
      next: 'See: rediscover --help',
      exitCode: 2,
    });
    expect(stderr).toContain('did you mean "list"?');
  });
});

describe('without a terminal', () => {
  test.each(['', 'learn', 'learn strings'])('rediscover %s says what to run instead', async (line) => {
    const { code, stdout, stderr } = await rediscover(line);
    expect(stderr).toContain('Lessons need a terminal.');
    expect(stderr).toContain('rediscover check --answers FILE');
    expect([stdout, code]).toEqual(['', 2]);
  });
});

describe('help', () => {
  const redis = ['redis', 'db', 'tls-ca', 'tls-cert', 'tls-key', 'tls-servername', 'yes'];
  const flags: Record<string, string[]> = {
    '': ['version', 'help'],
    learn: [...redis, 'course'],
    list: ['json', 'course'],
    progress: ['json', 'course'],
    'progress reset': ['yes', 'course'],
    shell: [...redis, 'raw', 'no-raw'],
    check: [
      ...redis,
      ...[
        'answers',
        'from-progress',
        'state',
        'only-answered',
        'allow-outside',
        'jobs',
        'timeout',
        'min-score',
      ],
      ...['format', 'report', 'watch', 'hints', 'show-solutions', 'course'],
    ],
    course: ['help'],
    'course new': ['help'],
    'course lint': [...redis, 'fix', 'static', 'json'],
    'course test': [...redis, 'json'],
    'course schema': ['help'],
    doctor: [...redis, 'json'],
    completion: ['help'],
    help: ['help'],
  };

  test('of every command names its flags and fits 80 columns', async () => {
    const seen: string[] = [];
    for (const [name, named] of Object.entries(flags)) {
      const { code, stdout, stderr } = await rediscover(`${name} --help`);
      for (const flag of named) expect(stdout).toContain(`--${flag}`);
      for (const line of stdout.split('\n')) expect([line, line.length <= 80]).toEqual([line, true]);
      expect([code, stderr]).toEqual([0, '']);
      // No command is left out of the table above.
      const [, commands = ''] = /\nCommands:\n((?: .*\n)+)/.exec(stdout) ?? [];
      for (const [, command] of commands.matchAll(/^ {2}(\w+)/gm)) {
        if (name === '' || command !== 'help') seen.push(`${name} ${command}`.trim());
      }
    }
    expect(seen.sort()).toEqual(Object.keys(flags).filter(Boolean).sort());
  });

  test('is the same by `help`, and tells the exit codes', async () => {
    expect((await rediscover('help course lint')).stdout).toBe(
      (await rediscover('course lint --help')).stdout,
    );
    const { code, stdout } = await rediscover('help');
    expect(stdout).toMatch(/Exit codes:[\s\S]*0 all passed[\s\S]*130 interrupted/);
    expect(code).toBe(0);
  });
});

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const flag of ['--version', '-V']) expect((await rediscover(flag)).stdout).toBe(`${version}\n`);
});

test.each(['18.20.4', '20.16.0', '9.0.0'])('Node %s is told that it is too old', async (version) => {
  const pretend = `
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
    import('${pathToFileURL(PROGRAM)}');`;
  const ended = promisify(execFile)(process.execPath, ['-e', pretend]);
  await expect(ended).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: `Rediscover needs Node 20.17 or later; this is ${version}. See https://nodejs.org\n`,
  });
});

test.each([
  ['list', '--course', '/nowhere'],
  ['learn', 'strings', '--course', '/nowhere'],
  ['course', 'lint', '/nowhere'],
  ['course', 'test', '/nowhere'],
])('%s %s %s: a folder that is not there is a mistake on the command line', async (...args) => {
  const { code, stdout, stderr } = await run(args.filter(Boolean), { home: freshHome() });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('There is no folder "/nowhere".');
});
