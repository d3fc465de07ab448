import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pythonMissing } from '../src/code/python.ts';
import { exercisesOf } from '../src/course/course.ts';
import { loadCourse } from '../src/course/load.ts';
import { type Ran, run } from './setup/run.ts';
import { folder, pathOf, serve } from './setup/sandbox-stage.ts';
import { freshHome } from './setup/terminal.ts';

const tiny = resolve('fixtures/courses/tiny');
const HEADER = '#! rediscover answers v1';
const VISIT = '== first/visit\nSET visitor:8 Bo\n';
const withoutPython = (await pythonMissing()) !== undefined;

/** A new folder with these files; the path of the answers among them. */
function answers(text: string, files: Record<string, string> = {}): string {
  const made = folder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(made, name), content);
  writeFileSync(join(made, 'my.answers'), text);
  return join(made, 'my.answers');
}

function check(file: string, flags: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return run(['check', '--course', tiny, '--answers', file, ...flags], { home: freshHome(), env });
}

const sections = (text: string, files?: Record<string, string>) => answers(`${HEADER}\n${text}`, files);

/** Sections for all exercises of the tiny course, each answered by the file of its name. */
const oneFileEach = (extension: string) =>
  ['visit', 'code', 'podium'].map((name) => `== first/${name}\n@file ${name}.${extension}\n`).join('');

async function checkJson(file: string, flags: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const ran = await check(file, ['--format', 'json', ...flags], env);
  return { ...ran, report: JSON.parse(ran.stdout) };
}

const statuses = (report: { exercises: { id: string; status: string }[] }) =>
  Object.fromEntries(report.exercises.map(({ id, status }) => [id, status]));

describe('check', () => {
  test('passes a file that answers the whole course, by commands and by code', async () => {
    const { code, stdout, stderr } = await check('fixtures/answers/tiny.answers');
    expect(stdout).toMatch(
      /✓ first\/visit[\s\S]*✓ first\/code[\s\S]*✓ first\/podium[\s\S]*\n3 of 3 passed\.\n$/,
    );
    expect(stderr).toMatch(/^(Redis|Valkey) [\d.]+, private, .*\n$/);
    expect(code).toBe(0);
  });

  test('passes the built-in course, answered by its own solutions', async () => {
    const { course } = await loadCourse('lessons');
    // Of modules one a lesson: `course test` has them all.
    const lessons = course!.lessons.map(({ steps }) => steps.flatMap(({ exercise }) => exercise ?? []));
    const all = lessons.flatMap((exercises) => {
      const first = exercises.find(({ module }) => module);
      return exercises.filter((one) => !one.module || one === first);
    });
    const text = all.map(({ id, solution, module }) => {
      const lines = module ? [`@file ${basename(id)}.js`] : solution.lines.map((line) => line.text);
      return [`== ${id}`, ...lines].join('\n');
    });
    const modules = all.flatMap(({ id, module }) =>
      module ? [[`${basename(id)}.js`, module.solutions[0]!.source]] : [],
    );
    const file = sections(text.join('\n'), Object.fromEntries(modules));
    const ids = all.map(({ id }) => id);
    const ran = await run(['check', ...ids, '-a', file, '-f', 'json'], { home: freshHome() });
    const report = JSON.parse(ran.stdout);
    // What not every server has may be left out.
    const left = all.filter(({ id, needs }) => needs.length > 0 && statuses(report)[id] === 'skipped');
    const expected = all.map((one) => [one.id, left.includes(one) ? 'skipped' : 'passed']);
    expect(statuses(report)).toEqual(Object.fromEntries(expected));
    const score = all.length - left.length;
    expect(report).toMatchObject({ score, max: score });
    expect(ran.code).toBe(0);
  });

  test('fails a wrong answer, and says what was expected, what is there and why', async () => {
    const { code, stdout } = await check('fixtures/answers/near-misses.answers');
    expect(stdout).toContain(
      '✗ first/visit   A value under a name\n    visitor:8 should be "Bo"; it is "bo".',
    );
    expect(stdout).toContain('They differ only in case.');
    expect(stdout).toContain('code:bo has no expiry; it should expire in 5 minutes (300 s).');
    expect(stdout).toContain('✓ first/podium');
    expect(stdout).toContain('1 of 3 passed, 2 failed.');
    expect(code).toBe(1);
  });

  test('counts an exercise without an answer as not passed', async () => {
    const { code, stdout } = await check(sections(VISIT));
    expect(stdout).toContain('1 of 3 passed, 2 without an answer.');
    expect(code).toBe(1);
  });

  test('judges only what is answered with --answered, an empty section too', async () => {
    const right = await check(sections(VISIT), ['--answered']);
    expect(right.stdout).toContain('1 of 1 passed.');
    expect(right.code).toBe(0);
    const empty = await check(sections(`${VISIT}== first/code\n`), ['--answered']);
    expect(empty.stdout).toContain('1 of 2 passed, 1 failed.');
    expect(empty.code).toBe(1);
  });

  test('judges the exercises and lessons that are named', async () => {
    const one = await checkJson(sections(VISIT), ['first/visit']);
    expect(statuses(one.report)).toEqual({ 'first/visit': 'passed' });
    expect(one.code).toBe(0);
    const lesson = await checkJson(sections(VISIT), ['first']);
    expect(Object.keys(statuses(lesson.report))).toEqual(['first/visit', 'first/code', 'first/podium']);
  });

  test('never passes because it had nothing to judge', async () => {
    for (const [text, flags] of [
      ['', []],
      ['', ['--answered']],
      [VISIT, ['first/code']],
    ] as const) {
      const { code, stdout, stderr } = await check(sections(text), [...flags]);
      expect(stderr).toMatch(/my\.answers answers none of the exercises asked for\.\n.*== strings/);
      expect([stdout, code]).toEqual(['', 2]);
    }
  });

  test('answers a question by .answer, and gives every exercise a fresh connection', async () => {
    const text =
      '== first/visit\nMULTI\nSET visitor:8 Bo\n== first/code\nSELECT 3\nSET code:bo 0815 EX 300\n';
    const { report } = await checkJson(
      sections(`${text}== first/podium\n.answer chen\nZADD race:tuesday 12 chen 30 dee`),
    );
    expect(statuses(report)).toEqual({
      'first/visit': 'failed',
      'first/code': 'failed',
      'first/podium': 'passed',
    });
  });
});

describe('an answers file', () => {
  test("with mistakes that are no one exercise's is refused: each is told, and no trace is shown", async () => {
    const file = sections('GET a\n== first/vist\nGET a\n');
    const { code, stdout, stderr } = await check(file);
    expect(stderr).toContain(`${file}:2:1: a line before the first section`);
    expect(stderr).toContain(`${file}:3:1: there is no exercise "first/vist"; did you mean "first/visit"?`);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([stdout, code]).toEqual(['', 2]);
  });

  test('with a mistake in one answer has the others judged', async () => {
    const file = sections(`== first/code\nSET code:bo "0815\n${VISIT}`);
    const { code, report } = await checkJson(file, ['--only-answered']);
    expect(statuses(report)).toEqual({ 'first/visit': 'passed', 'first/code': 'error' });
    const place = { file, line: 3, column: 13 };
    const words = 'the quotes do not balance: this one is never closed';
    const message = `${file}:3:13: ${words}\n  SET code:bo "0815`;
    expect(report.exercises[1]).toMatchObject({ at: place, message, fault: 'usage', score: 0, max: 1 });
    expect(code).toBe(2);
    const human = await check(file, ['--only-answered']);
    expect(human.stdout).toContain('! first/code   A code that goes away\n    This could not be checked:');
    expect(human.stdout).toContain('SET code:bo "0815\n');
  });

  test('may be several; an exercise that two of them answer is told with both places', async () => {
    const one = sections(`# mine\n${VISIT}`);
    const two = sections('== first/visit\nSET visitor:8 Bo\n== first/code\nSET code:bo 0815 EX 300\n');
    const { code, report } = await checkJson(one, ['-a', two, '--only-answered']);
    expect(statuses(report)).toEqual({ 'first/visit': 'error', 'first/code': 'passed' });
    expect(report.exercises[0].message).toBe(
      `${two}:2:1: first/visit is answered twice: in ${one}:3:1 and here\n  == first/visit`,
    );
    expect(code).toBe(2);
  });

  test('is standard input where it is called -', async () => {
    const from = (input: string) =>
      run(['check', '--course', tiny, '-a', '-', '--answered'], { home: freshHome(), input });
    expect(await from(`${HEADER}\n${VISIT}`)).toMatchObject({ code: 0 });
    const { code, stderr } = await from(`${HEADER}\nGET a\n`);
    expect(stderr).toContain('standard input:2:1: a line before the first section');
    expect(code).toBe(2);
  });

  test('is nothing without the ids that were asked for', async () => {
    const { code, stderr } = await check(sections(VISIT), ['first/vist']);
    expect(stderr).toContain('There is no lesson or exercise "first/vist"; did you mean "first/visit"?');
    expect(code).toBe(2);
  });
});

/** Judges wrong answers, one for each exercise of the lesson on strings in turn, and right ones after each. */
async function oneAfterTheOther(wrong: string[], files: Record<string, string>, timeout = 10) {
  const { course } = await loadCourse('lessons');
  const all = exercisesOf(course!).filter(({ id }) => id.startsWith('strings/'));
  const text = wrong.flatMap((answer, index) => {
    const [bad, good] = all.slice(index * 2);
    return [`== ${bad!.id}`, answer, `== ${good!.id}`, ...good!.solution.lines.map((line) => line.text)];
  });
  const file = sections(text.join('\n'), files);
  const flags = ['-a', file, '--answered', '--timeout', String(timeout), '-f', 'json'];
  const { code, stdout } = await run(['check', ...flags], { home: freshHome() });
  const exercises = JSON.parse(stdout).exercises as { status: string; checks: { message: string }[] }[];
  expect(exercises.map(({ status }) => status)).toEqual(wrong.flatMap(() => ['failed', 'passed']));
  expect(code).toBe(1);
  return exercises.filter((_, index) => index % 2 === 0).map(({ checks }) => checks[0]!.message);
}

describe('an answer that is not like others', () => {
  test('fails within its limit where it never ends, and the next is judged as ever', async () => {
    const wrong = [
      'BLPOP nothing 0\nBLPOP nothing 0',
      'EVAL "while true do end" 0',
      `EVAL "redis.call('SET', 'a', '1') while true do end" 0`,
      '@file endless.mjs',
      '@file waits.mjs',
      '@file script.mjs',
    ];
    const files = {
      'endless.mjs': 'while (true) {}',
      'waits.mjs': 'await new Promise(() => {});',
      'script.mjs': "await client.eval('while true do end');",
    };
    const said = await oneAfterTheOther(wrong, files, 0.5);
    const late = 'did not end within 0.5 s';
    const [lines, code] = [`The answer ${late}.`, `The code failed: ${late}.`];
    expect(said).toEqual([lines, lines, lines, code, code, code]);
  });

  test('fails where its code crashes, in whatever way, and the next is judged as ever', async () => {
    const crashes = {
      'throws.mjs': 'throw new Error("no luck")',
      'syntax.mjs': 'await client.',
      'exits.mjs': 'process.exit(3)',
      'killed.mjs': "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})",
      'wrong.mjs': "await client.sendCommand(['SET'])",
      'forgot.mjs': "client.sendCommand(['GET']); client.sendCommand(['DEL'])",
    };
    const said = await oneAfterTheOther(
      Object.keys(crashes).map((name) => `@file ${name}`),
      crashes,
    );
    expect(said).toEqual([
      'The code failed: line 1: Error: no luck.',
      expect.stringContaining('The code failed: SyntaxError'),
      'The code failed: its process ended (3).',
      'The code failed: its process ended (SIGKILL).',
      expect.stringContaining('ERR wrong number of arguments'),
      expect.stringContaining('ERR wrong number of arguments'),
    ]);
  });

  test('of code counts what it did not wait for, and what it closed itself', async () => {
    const files = {
      'visit.mjs': "client.set('visitor:8', 'Bo');",
      'code.mjs': "await client.set('code:bo', '0815', { EX: 300 }); await client.close();",
      'podium.mjs':
        "await client.zAdd('race:tuesday', [{ score: 12, value: 'chen' }, { score: 30, value: 'dee' }]); client.destroy();",
    };
    const { code } = await check(sections(oneFileEach('mjs'), files));
    expect(code).toBe(0);
  });

  test('code that goes on in the background does not meddle with the next exercise', async () => {
    const file = sections('== first/podium\n@file busy.mjs\n== first/code\n@file code.mjs', {
      'busy.mjs': "setInterval(() => client.set('code:bo', 'x').catch(() => {}), 1);",
      'code.mjs': "await client.set('code:bo', '0815', { EX: 300 });",
    });
    const { report } = await checkJson(file, ['--answered']);
    expect(statuses(report)).toEqual({ 'first/code': 'passed', 'first/podium': 'failed' });
  });
});

test('what code has started ends with it', async () => {
  const started = (index: number) => join(file, '..', `pid-${index}`);
  const file = sections('== first/visit\n@file spawns.mjs\n== first/code\n@file never.mjs', {
    'spawns.mjs': `const { spawn } = await import('node:child_process');
      const { writeFileSync } = await import('node:fs');
      writeFileSync(process.env.STARTED + '0', String(spawn('sleep', ['1000'], { stdio: 'ignore' }).pid));
      await client.set('visitor:8', 'Bo');`,
    'never.mjs': `const { spawn } = await import('node:child_process');
      const { writeFileSync } = await import('node:fs');
      writeFileSync(process.env.STARTED + '1', String(spawn('sleep', ['1000'], { stdio: 'ignore' }).pid));
      await new Promise(() => {});`,
  });
  const env = { STARTED: join(file, '..', 'pid-') };
  const { report } = await checkJson(file, ['--answered', '--timeout', '1'], env);
  expect(statuses(report)).toEqual({ 'first/visit': 'passed', 'first/code': 'failed' });
  for (const index of [0, 1]) {
    // Of one that nobody has waited for yet, the entry is left and its command line is empty.
    const commandLine = `/proc/${readFileSync(started(index), 'utf8')}/cmdline`;
    expect(existsSync(commandLine) ? readFileSync(commandLine, 'utf8') : '').toBe('');
  }
});

describe('Python code', () => {
  const file = resolve('fixtures/answers/visit.py');
  const text = '== first/visit\n@file visit.py\n';

  test.skipIf(withoutPython)('is run where python3 has redis-py', async () => {
    const { code } = await check(sections(text, { 'visit.py': readFileSync(file, 'utf8') }), ['--answered']);
    expect(code).toBe(0);
  });

  test.skipIf(withoutPython)('may be a whole script, which Python would end in its own way', async () => {
    const files = {
      'visit.py': 'if __name__ == "__main__":\n    r.set("visitor:8", "Bo")',
      'code.py': 'import sys\nr.set("code:bo", "0815", ex=300)\nsys.exit()',
      'podium.py':
        'import threading\nthreading.Timer(0.05, r.zadd, ["race:tuesday", {"chen": 12, "dee": 30}]).start()',
    };
    const { code } = await check(sections(oneFileEach('py'), files));
    expect(code).toBe(0);
  });

  test('is neither passed nor failed where it cannot run', async () => {
    const answer = sections(`${text}== first/code\nGET a`, { 'visit.py': readFileSync(file, 'utf8') });
    // The system's own is asked too, and finds another redis before its own.
    const broken = folder();
    writeFileSync(join(broken, 'redis.py'), 'raise ImportError()');
    const env = {
      PATH: pathOf({ python3: 'exit 1' }, ['redis-server', 'valkey-server']),
      PYTHONPATH: broken,
    };
    const { code, report } = await checkJson(answer, ['--answered'], env);
    expect(report.exercises[0]).toMatchObject({
      status: 'error',
      score: 0,
      max: 1,
      message: 'The code cannot run here: python3 has no redis-py.',
    });
    expect(report.exercises[1].status).toBe('failed');
    expect(code).toBe(2);
  });
});

describe('a server that is killed', () => {
  /** The server's own process, not a connection: whatever it held is gone. */
  const kill = `const [, pid] = /process_id:(\\d+)/.exec(await client.sendCommand(['INFO', 'server']));
    process.kill(Number(pid), 'SIGKILL');
    await client.ping();`;

  test('once costs nothing: the answer is tried again on another', async () => {
    const file = sections('== first/visit\n@file once.mjs\n== first/code\nSET code:bo 0815 EX 300', {
      'once.mjs': `const { existsSync, writeFileSync } = await import('node:fs');
        if (!existsSync(process.env.ONCE)) { writeFileSync(process.env.ONCE, ''); ${kill} }
        await client.set('visitor:8', 'Bo');`,
    });
    const { code, stdout } = await check(file, ['--answered'], { ONCE: join(file, '..', 'once') });
    expect(stdout).toContain('2 of 2 passed.');
    expect(code).toBe(0);
  });

  test('again and again is nobody’s failure, and costs no other answer anything', async () => {
    const file = sections('== first/visit\n@file kill.mjs\n== first/code\nSET code:bo 0815 EX 300', {
      'kill.mjs': kill,
    });
    const { code, report } = await checkJson(file, ['--answered']);
    expect(statuses(report)).toEqual({ 'first/visit': 'error', 'first/code': 'passed' });
    expect(report.exercises[0]).toMatchObject({
      message: expect.stringContaining('was lost as the answer ran, and again'),
      next: expect.stringContaining('rediscover doctor'),
    });
    expect(report.score).toBe(1);
    expect(code).toBe(3);
  });

  test('and was named by the user ends the check with exit code 3; what was judged before stays', async () => {
    const { port } = await serve();
    const file = sections(
      '== first/visit\nSET visitor:8 Bo\n== first/code\n@file kill.mjs\n== first/podium\nGET a',
      { 'kill.mjs': kill },
    );
    const { code, report, stderr } = await checkJson(file, ['--redis', `redis://127.0.0.1:${port}`]);
    expect(statuses(report)).toEqual({
      'first/visit': 'passed',
      'first/code': 'error',
      'first/podium': 'error',
    });
    expect(report.exercises[1]).toMatchObject({
      message: expect.stringContaining('went away'),
      next: 'Once it is there again, run the check anew.',
    });
    expect(stderr).toContain('Once it is there again, run the check anew.');
    expect(code).toBe(3);
  });

  test('by nobody: QUIT ends the connection of its answer alone', async () => {
    const { report } = await checkJson(
      sections(`== first/visit\nSET visitor:8 Bo\nQUIT\n== first/code\nSET code:bo 0815 EX 300`),
      ['--answered'],
    );
    expect(statuses(report)).toEqual({ 'first/visit': 'passed', 'first/code': 'passed' });
  });
});

describe('the JSON report', () => {
  test('has these fields and no others', async () => {
    const { report, stderr } = await checkJson('fixtures/answers/near-misses.answers');
    expect(Object.keys(report)).toEqual([
      'schema',
      'course',
      'redis',
      'score',
      'max',
      'exitCode',
      'exercises',
    ]);
    expect(report).toMatchObject({
      schema: 'rediscover.report/1',
      course: 'tiny',
      redis: stderr.trim(),
      score: 1,
      max: 3,
    });
    expect(report.exercises[0]).toEqual({
      id: 'first/visit',
      status: 'failed',
      title: 'A value under a name',
      score: 0,
      max: 1,
      at: { file: 'fixtures/answers/near-misses.answers', line: 2, column: 1 },
      message: expect.stringContaining('visitor:8 should be "Bo"; it is "bo".'),
      checks: [
        {
          id: 'key:visitor:8:string',
          kind: 'key',
          key: 'visitor:8',
          property: 'string',
          status: 'failed',
          message: expect.stringContaining('visitor:8 should be "Bo"; it is "bo".'),
          expected: '"Bo"',
          actual: '"bo"',
          fact: { code: 'wrong-value', key: 'visitor:8', expected: '"Bo"', actual: '"bo"' },
          reason: { code: 'other-case' },
        },
      ],
    });
  });

  test('holds no colours and no control characters, whatever values hold and FORCE_COLOR says', async () => {
    const file = sections('== first/visit\nSET visitor:8 "\\x1b[31mBo\\x07\\xc2\\x9b2J"\n');
    const { stdout, report } = await checkJson(file, ['--answered'], { FORCE_COLOR: '3' });
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    expect(report.exercises[0].status).toBe('failed');
    const human = await check(file, ['--answered'], { FORCE_COLOR: '3' });
    expect(human.stdout).toMatch(/\x1b\[\d+m/);
    expect(human.stdout.replace(/\x1b\[[\d;]*m/g, '')).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  test('has no colours by itself, and none with NO_COLOR', async () => {
    expect((await check(sections(VISIT))).stdout).not.toContain('\x1b');
    expect((await check(sections(VISIT), [], { NO_COLOR: '1', FORCE_COLOR: '0' })).stdout).not.toContain(
      '\x1b',
    );
  });

  test('is a JSON error where nothing could be judged, with the words on standard error', async () => {
    const broken = join(folder(), 'broken');
    cpSync(tiny, broken, { recursive: true });
    writeFileSync(join(broken, 'course.yaml'), 'id: 3\n');
    for (const [exitCode, flags, words] of [
      [2, ['--answers', '/nowhere'], '/nowhere cannot be read'],
      [2, ['--answers', sections('== x')], 'there is no exercise "x"'],
      [2, ['--answers', sections(VISIT), '--db', 'x'], "'x' is invalid"],
      [2, ['--answers', sections(VISIT), 'nowhere'], 'There is no lesson or exercise "nowhere"'],
      [3, ['--answers', sections(VISIT), '--redis', 'unix:///nowhere.sock'], '/nowhere.sock'],
      [4, ['--answers', sections(VISIT), '--course', broken], 'course.yaml:1:'],
    ] as const) {
      const ran = await run(['check', '--course', tiny, '--format=json', ...flags], { home: freshHome() });
      const error = JSON.parse(ran.stdout);
      expect(error).toMatchObject({ schema: 'rediscover.error/1', exitCode });
      expect(error.message).toContain(words);
      expect(ran.stderr).toContain(words);
      expect(ran.stderr).not.toMatch(/^\s+at /m);
      expect(ran.code).toBe(exitCode);
    }
  });
});

describe('a course at fault', () => {
  test('is neither the answer’s failure nor a pass, and says where', async () => {
    const course = join(folder(), 'broken');
    cpSync(tiny, course, { recursive: true });
    const lesson = readFileSync(join(course, 'first.md'), 'utf8');
    writeFileSync(
      join(course, 'first.md'),
      lesson.replace('  - SET visitor:7 "Ana Lima"\nchecks', '  - INCR visitor:7 3\nchecks'),
    );
    const { code, report } = await checkJson('fixtures/answers/tiny.answers', ['--course', course]);
    expect(statuses(report)).toEqual({
      'first/visit': 'error',
      'first/code': 'passed',
      'first/podium': 'passed',
    });
    expect(report.exercises[0]).toMatchObject({ score: 0, max: 1, checks: [] });
    expect(report.exercises[0].message).toMatch(
      /first\.md:\d+:\d+: the given command "INCR visitor:7 3" fails: ERR/,
    );
    expect(code).toBe(4);
    const human = await check('fixtures/answers/tiny.answers', ['--course', course]);
    expect(human.stdout).toMatch(/! first\/visit[\s\S]*This could not be checked: .*first\.md:\d+/);
    expect(human.code).toBe(4);
  });

  test('is told with its line where its given state never ends, and a server of yours is free again', async () => {
    const course = join(folder(), 'endless');
    cpSync(tiny, course, { recursive: true });
    const lesson = readFileSync(join(course, 'first.md'), 'utf8');
    const given = '  - SET visitor:7 "Ana Lima"\n';
    writeFileSync(
      join(course, 'first.md'),
      lesson.replace(`${given}checks`, `${given}  - EVAL "while true do end" 0\nchecks`),
    );
    const line = lesson.slice(0, lesson.indexOf(`${given}checks`)).split('\n').length + 1;
    const { port, cli } = await serve(['--lua-time-limit', '100']);
    const redis = ['--redis', `redis://127.0.0.1:${port}`];
    const told = await Promise.all(
      [[], redis].map((flags) => checkJson('fixtures/answers/tiny.answers', ['--course', course, ...flags])),
    );
    for (const { code, report } of told) {
      expect(report.exercises[0]).toMatchObject({ id: 'first/visit', status: 'error' });
      expect(report.exercises[0].message).toMatch(
        new RegExp(`^first\\.md:${line}:\\d+: the given command "EVAL .*" did not end within 5 s$`),
      );
      expect(statuses(report)).toMatchObject({ 'first/code': 'passed', 'first/podium': 'passed' });
      expect(code).toBe(4);
    }
    expect(cli('KEYS', '*')).toBe('');
    expect(cli('ACL', 'USERS')).toBe('default');
  });
});

describe('a server that the user names', () => {
  test('keeps what others write into the database while code runs', async () => {
    const { port, cli } = await serve();
    const file = sections('== first/visit\n@file meets.mjs', {
      'meets.mjs': `await client.set('visitor:8', 'Bo');
        const socket = (await import('node:net')).connect(${port}, '127.0.0.1');
        socket.write('SET theirs 1\\r\\n');
        await new Promise((resolve) => socket.once('data', resolve));
        socket.destroy();`,
    });
    const { report } = await checkJson(file, ['--answered', '--redis', `redis://127.0.0.1:${port}`]);
    expect(statuses(report)).toEqual({ 'first/visit': 'passed' });
    expect(cli('KEYS', '*')).toBe('theirs');
  });

  test('is freed of an answer that never ends', async () => {
    const { port, cli } = await serve(['--lua-time-limit', '100']);
    const { report } = await checkJson(
      sections('== first/visit\nEVAL "while true do end" 0\n== first/code\nSET code:bo 0815 EX 300'),
      ['--answered', '--timeout', '1', '--redis', `redis://127.0.0.1:${port}`],
    );
    expect(statuses(report)).toEqual({ 'first/visit': 'failed', 'first/code': 'passed' });
    expect(cli('PING')).toBe('PONG');
  });

  test('that answers nobody any more ends the check with exit code 3', async () => {
    const { port, pid } = await serve();
    const file = sections('== first/code\nSET code:bo 0815 EX 300\n== first/podium\n@file stop.mjs', {
      'stop.mjs': `process.kill(${pid}, 'SIGSTOP'); await new Promise(() => {});`,
    });
    const flags = ['--answered', '--timeout', '1', '--redis', `redis://127.0.0.1:${port}`];
    const { code, report } = await checkJson(file, flags);
    expect(statuses(report)).toEqual({ 'first/code': 'passed', 'first/podium': 'error' });
    expect(report.exercises[1].message).toContain('does not answer any more');
    expect(code).toBe(3);
  });

  test('is used at an empty database, and left as it was', async () => {
    const { port, cli } = await serve();
    cli('-n', '1', 'SET', 'theirs', '1');
    const ran = await check('fixtures/answers/tiny.answers', ['--redis', `redis://127.0.0.1:${port}`]);
    expect(ran.stderr).toMatch(/ at redis:\/\/127\.0\.0\.1:\d+, database 0\n/);
    expect(ran.stdout).toContain('3 of 3 passed.');
    expect(ran.code).toBe(0);
    expect([cli('DBSIZE'), cli('-n', '1', 'GET', 'theirs')]).toEqual(['0', '1']);
  });

  test('is refused where the database is not empty, with the command to go on', async () => {
    const { port, cli } = await serve();
    cli('SET', 'theirs', '1');
    const url = `redis://127.0.0.1:${port}`;
    const file = sections(VISIT);
    const { code, report, stderr } = await checkJson(file, ['--answered', '--redis', url]);
    expect(report).toMatchObject({ schema: 'rediscover.error/1', exitCode: 3 });
    expect(stderr).toContain('holds 1 key that is not ours');
    expect([code, cli('DBSIZE')]).toEqual([3, '1']);
    const [, onward = ''] = /^Database 1 is empty: rediscover (.*)$/m.exec(stderr) ?? [];
    const again = await run(onward.split(' '), { home: freshHome() });
    expect([again.code, cli('-n', '1', 'DBSIZE')]).toEqual([0, '0']);
  });

  test('takes code by a unix socket too, and keeps nothing of what it made by mistake', async () => {
    const { socket, cli } = await serve();
    const file = sections('== first/visit\n@file typo.mjs\n== first/podium\n@file podium.mjs', {
      'typo.mjs': "await client.mSet({ 'visitor:9': 'Bo', 'visitor:10': 'Bo' })",
      'podium.mjs': readFileSync('fixtures/answers/podium.mjs', 'utf8'),
    });
    const { report } = await checkJson(file, ['--answered', '--redis', `unix://${socket}`]);
    expect(statuses(report)).toEqual({ 'first/visit': 'failed', 'first/podium': 'passed' });
    expect(cli('DBSIZE')).toBe('0');
  });

  test('is freed of an answer that blocks', async () => {
    const { port, cli } = await serve();
    const file = sections('== first/visit\nBLPOP nothing 0\n== first/code\nSET code:bo 0815 EX 300');
    const flags = ['--answered', '--timeout', '0.3', '--redis', `redis://127.0.0.1:${port}`];
    const { report } = await checkJson(file, flags);
    expect(statuses(report)).toEqual({ 'first/visit': 'failed', 'first/code': 'passed' });
    expect([cli('DBSIZE'), /blocked_clients:(\d+)/.exec(cli('INFO', 'clients'))![1]]).toEqual(['0', '0']);
  });

  test('judges how code did it, by its own commands and replies alone', async () => {
    const { port, cli } = await serve();
    const course = join(folder(), 'used');
    cpSync(tiny, course, { recursive: true });
    const lesson = readFileSync(join(course, 'first.md'), 'utf8');
    writeFileSync(
      join(course, 'first.md'),
      lesson
        .replace('    string: Bo\n', '    string: Bo\n  - reply: Bo\n    to: GET\n  - avoided: GETDEL\n')
        .replace('    ttl: 300\n', '    ttl: 300\n  - reply: "0815"\n    to: GET\n  - avoided: GETDEL\n'),
    );
    const file = sections('== first/visit\n@file written.mjs\n== first/code\n@file read.mjs', {
      'written.mjs': "await client.set('visitor:8', 'Bo');",
      'read.mjs': "await client.set('code:bo', '0815', { EX: 300 }); await client.get('code:bo');",
    });
    for (const where of [['--redis', `redis://127.0.0.1:${port}`], []]) {
      const { report } = await checkJson(file, ['--answered', '--course', course, ...where]);
      expect(statuses(report)).toEqual({ 'first/visit': 'failed', 'first/code': 'passed' });
      expect(report.exercises[0].checks.map(({ status }: { status: string }) => status)).toEqual([
        'passed',
        'failed',
        'passed',
      ]);
    }
    expect(cli('DBSIZE')).toBe('0');
  });
});
