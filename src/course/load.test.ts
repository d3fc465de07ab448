import { execFileSync } from 'node:child_process';
import { readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COURSE, courseFolder, FRONT, lessonWith, told } from '../../test/setup/course-folder.ts';
import { compileCourse } from './compile-course.ts';
import type { Course, Exercise } from './course.ts';
import { exercisesOf } from './course.ts';
import { readLesson } from './lesson.ts';
import { lintCourse } from './lint.ts';
import { loadCourse } from './load.ts';
import { FILE_LIMIT, Source, sourceFromBytes } from './source.ts';
import { readYaml } from './yaml-tree.ts';

const TINY = new URL('../../fixtures/courses/tiny', import.meta.url).pathname;

async function load(
  files: Record<string, string | Uint8Array>,
): Promise<{ course?: Course; told: string[] }> {
  const dir = await courseFolder({ 'course.yaml': COURSE, ...files });
  const { course, problems } = await loadCourse(dir);
  return { ...(course ? { course } : {}), told: problems.map(told) };
}

/** The exercise of a flawless lesson with these lines in its block. */
async function exercise(yaml: string): Promise<Exercise> {
  const { course, told } = await load({ 'first.md': lessonWith(yaml) });
  expect(told).toEqual([]);
  return course!.lessons[0]!.steps[0]!.exercise!;
}

const line = (text: string, lineNumber: number, column: number) => ({
  text,
  at: { file: 'first.md', line: lineNumber, column },
});

describe('loadCourse', () => {
  it('reads prose, demo, task, exercise and what follows, each with its place', async () => {
    const { course, problems } = await loadCourse(TINY);
    expect(problems).toEqual([]);
    const [lesson] = course!.lessons;
    expect(lesson).toMatchObject({
      id: 'first',
      title: 'First steps',
      minutes: 3,
      commands: ['SET', 'GET', 'ZADD'],
    });
    const [visit] = lesson!.steps;
    expect(visit!.title).toBe('A value under a name');
    expect(visit!.blocks).toEqual([
      {
        kind: 'prose',
        markdown: 'A page wants to greet its visitor by name on the next visit.',
        at: { file: 'first.md', line: 11, column: 1 },
      },
      {
        kind: 'demo',
        lines: [line('SET visitor:7 "Ana Lima"', 14, 1), line('GET visitor:7', 15, 1)],
        at: { file: 'first.md', line: 13, column: 1 },
      },
      {
        kind: 'prose',
        markdown: 'SET keeps a value, GET gives it back.',
        at: { file: 'first.md', line: 18, column: 1 },
      },
    ]);
    const { exercise } = visit!;
    expect(exercise).toMatchObject({
      id: 'first/visit',
      title: 'A value under a name',
      task: '**Your turn.** Keep `Bo` under the name `visitor:8`.',
      after: 'SET answers OK whether or not something was there before.',
      at: { line: 22, column: 1 },
      given: [line('SET visitor:7 "Ana Lima"', 25, 5)],
      solution: { lines: [line('SET visitor:8 Bo', 33, 11)], at: { line: 33, column: 11 } },
      code: [
        { language: 'node', source: "await client.set('visitor:8', 'Bo')", at: { line: 44, column: 9 } },
        { language: 'python', source: "r.set('visitor:8', 'Bo')", at: { line: 45, column: 11 } },
      ],
    });
    expect(lesson!.steps[2]!.exercise!.given.map(({ text }) => text)).toEqual([
      'SET lap:1 1',
      'SET lap:2 2',
      'SET lap:3 3',
    ]);
  });

  it('takes each line of a block scalar as a command line with its own place', async () => {
    const { accept } = await exercise(
      'accept:\n  - |\n    SET a b\n\n      SET visitor:8 Bo\n  - [SET a b, SET visitor:8 Bo]',
    );
    expect(accept[0]!.lines).toEqual([line('SET a b', 13, 5), line('SET visitor:8 Bo', 15, 7)]);
    expect(accept[1]!.lines).toEqual([line('SET a b', 16, 6), line('SET visitor:8 Bo', 16, 15)]);
  });

  it('unfolds repeated lines, by count and by range', async () => {
    const { given } = await exercise(
      'given:\n  - { repeat: 2, run: "SET a:{n} {n}" }\n  - { repeat: 41..42, run: "INCR b:{n}" }',
    );
    expect(given.map(({ text }) => text)).toEqual(['SET a:1 1', 'SET a:2 2', 'INCR b:41', 'INCR b:42']);
  });

  it('reads every kind of check', async () => {
    const { checks } = await exercise(`checks:
  - key: visitor:8
    exists: true
    type: string
    string: "0815"
    number: 815
    within: 0.5
    length: 3..
    encoding: [int, embstr]
    matches: ^0
    ttl: 1500..1800
    expireat: 4102444800
    why: Because.
  - key: l
    list: [a, b]
  - key: h
    hash: { includes: { f: v } }
  - key: i
    hash: { includes: v }
  - key: s
    set: { includes: [a] }
  - key: z
    zset: { "10": 1.5, b: -2 }
    ttl: none
  - keys: "session:*"
    count: 1..5
    names: [session:a]
  - reply: [1, ["2", null], x]
    to: ZRANGE WITHSCORES
    item: 0
  - used: [SET EX, SETEX]
  - avoided: KEYS
  - atomic: [a, b]
  - answer: ["42", forty-two]
    choices: ["41", "42", Forty-Two]
solution: [.answer 42, SET visitor:8 Bo]`);
    expect(checks.map(({ at, ...check }) => check)).toEqual([
      {
        kind: 'key',
        key: 'visitor:8',
        exists: true,
        type: 'string',
        string: '0815',
        number: 815,
        within: 0.5,
        length: { min: 3, max: null },
        encoding: ['int', 'embstr'],
        matches: '^0',
        ttl: { min: 1500, max: 1800 },
        expireat: 4102444800,
        why: 'Because.',
      },
      { kind: 'key', key: 'l', list: { mode: 'exact', value: ['a', 'b'] } },
      { kind: 'key', key: 'h', hash: { mode: 'includes', value: { f: 'v' } } },
      { kind: 'key', key: 'i', hash: { mode: 'exact', value: { includes: 'v' } } },
      { kind: 'key', key: 's', set: { mode: 'includes', value: ['a'] } },
      {
        kind: 'key',
        key: 'z',
        zset: {
          mode: 'exact',
          value: [
            { member: '10', score: 1.5 },
            { member: 'b', score: -2 },
          ],
        },
        ttl: 'none',
      },
      { kind: 'keys', pattern: 'session:*', count: { min: 1, max: 5 }, names: ['session:a'] },
      { kind: 'reply', reply: [1, ['2', null], 'x'], to: 'ZRANGE WITHSCORES', item: 0 },
      { kind: 'used', patterns: ['SET EX', 'SETEX'] },
      { kind: 'avoided', patterns: ['KEYS'] },
      { kind: 'atomic', keys: ['a', 'b'] },
      { kind: 'answer', answers: ['42', 'forty-two'], choices: ['41', '42', 'Forty-Two'] },
    ]);
    expect(checks[1]!.at).toEqual({ file: 'first.md', line: 24, column: 5 });
  });

  it('keeps names of fields and members as they are written, those of prototypes too', async () => {
    const { checks } = await exercise(
      'checks:\n  - key: h\n    hash: { __proto__: a, constructor: b, 007: c, 1.50: d, true: e }\n  - key: z\n    zset: { __proto__: 1 }',
    );
    const [hash, zset] = JSON.parse(JSON.stringify(checks)) as typeof checks;
    expect(hash?.kind === 'key' && Object.entries(hash.hash!.value)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['007', 'c'],
      ['1.50', 'd'],
      ['true', 'e'],
    ]);
    expect(zset?.kind === 'key' && zset.zset!.value).toEqual([{ member: '__proto__', score: 1 }]);
  });

  it('judges what a field named __proto__ holds as any other', async () => {
    const { told } = await load({
      'first.md': lessonWith('checks:\n  - key: h\n    hash: { __proto__: 5 }\n__proto__: x'),
    });
    expect(told).toEqual([
      'first.md:13:24 error: "hash.__proto__" must be text, but 5 is a number in YAML. -> quote it: "5"',
      expect.stringContaining('first.md:14:1 error: This exercise knows no field "__proto__".'),
    ]);
  });

  it('reads CRLF and a byte order mark as if they were not there', async () => {
    const plain = await load({ 'first.md': lessonWith('accept:\n  - |\n    SET a b\n    SET visitor:8 Bo') });
    const marked = await load({
      'course.yaml': `\ufeff${COURSE.replaceAll('\n', '\r\n')}`,
      'first.md': `\ufeff${lessonWith('accept:\n  - |\n    SET a b\n    SET visitor:8 Bo').replaceAll('\n', '\r\n')}`,
    });
    expect(plain.course).toBeDefined();
    expect(marked).toEqual(plain);
  });

  it('counts columns in an indented fence and after wide characters as editors do', async () => {
    const { told } = await load({
      'first.md': lessonWith('checks:\n  - { key: "naïve 💡", strng: x }').replace(/^(?=```yaml)/m, '  '),
    });
    expect(told).toEqual([
      'first.md:12:24 error: A check of "key" knows no field "strng". -> did you mean "string"?',
    ]);
  });

  it('leaves comments of HTML out of what learners see', async () => {
    const { course } = await load({
      'first.md': lessonWith().replace('**Your', 'Seen.\n\n<!-- todo -->\n\nToo.\n\n**Your'),
    });
    expect(course!.lessons[0]!.steps[0]!.blocks).toMatchObject([{ markdown: 'Seen.\n\nToo.' }]);
  });

  it('makes a step of what comes before the first heading', async () => {
    const { course } = await load({ 'first.md': lessonWith().replace('## A', '# First\n\nHello.\n\n## A') });
    expect(course!.lessons[0]!.steps.map(({ title }) => title)).toEqual(['First', 'A value under a name']);
  });

  it('shows the words of a title without their marks', async () => {
    const { course } = await load({ 'first.md': lessonWith().replace('## A value', '## `SET` & *a* value') });
    expect(course!.lessons[0]!.steps[0]!.title).toBe('SET & a value under a name');
  });

  it('gives a course that survives JSON', async () => {
    const { course } = await loadCourse(TINY);
    const compiled = await compileCourse(TINY);
    // All of it, but for what its test alone asks for.
    for (const exercise of exercisesOf(course!))
      Object.assign(exercise, { accept: [], reject: [], equivalent: [] });
    expect(JSON.parse(compiled.course)).toEqual(course);
    expect(Object.keys(JSON.parse(compiled.prose))).toContain('SET keeps a value, GET gives it back.');
  });

  it('is compiled only without errors', async () => {
    const dir = await courseFolder({ 'course.yaml': COURSE, 'first.md': lessonWith('hint: x') });
    await expect(compileCourse(dir)).rejects.toMatchObject({
      exitCode: 4,
      message: 'first.md:11:1: This exercise knows no field "hint". (did you mean "hints"?)',
    });
  });

  it('says so where there is no course, and where there is no folder', async () => {
    const empty = await loadCourse(await courseFolder({}));
    expect(empty.problems.map(told)).toEqual([
      'course.yaml:1:1 error: There is no course.yaml in this folder. -> `rediscover course new NAME` makes a course to begin with',
    ]);
    const nowhere = await loadCourse(join(tmpdir(), 'rediscover-nowhere'));
    expect(nowhere.problems.map(told)).toEqual(['course.yaml:1:1 error: There is no such folder.']);
  });
});

describe('loadCourse refuses', () => {
  it('a link that leads out of the folder, and follows one that stays inside', async () => {
    const outside = await courseFolder({ 'secret.md': lessonWith() });
    const dir = await courseFolder({ 'course.yaml': COURSE });
    await symlink(join(outside, 'secret.md'), join(dir, 'first.md'));
    expect((await loadCourse(dir)).problems.map(told)).toEqual([
      "first.md:1:1 error: first.md leads outside the course's folder. -> put the file itself there instead of a link",
    ]);
    const inside = await courseFolder({ 'course.yaml': COURSE, 'real.md': lessonWith() });
    await symlink('real.md', join(inside, 'first.md'));
    expect((await loadCourse(inside)).problems).toEqual([]);
  });

  it('a link to itself, a folder and a pipe in the place of a lesson', async () => {
    const looped = await courseFolder({ 'course.yaml': COURSE });
    await symlink('first.md', join(looped, 'first.md'));
    expect((await loadCourse(looped)).problems.map(told)).toEqual([
      'first.md:1:1 error: first.md is a link that leads to itself.',
    ]);
    const piped = await courseFolder({ 'course.yaml': COURSE });
    execFileSync('mkfifo', [join(piped, 'first.md')]);
    expect((await loadCourse(piped)).problems.map(told)).toEqual([
      'first.md:1:1 error: first.md is not a regular file.',
    ]);
    const folder = await courseFolder({ 'course.yaml': COURSE });
    await rename(await courseFolder({}), join(folder, 'first.md'));
    expect((await loadCourse(folder)).problems.map(told)).toEqual([
      'first.md:1:1 error: first.md is not a regular file.',
    ]);
  });

  it('a file of 10 MB', async () => {
    const { told } = await load({ 'first.md': Buffer.alloc(10 * 1024 * 1024, 0x61) });
    expect(told).toEqual([
      'first.md:1:1 error: first.md has 10240 kB; a file of a course has at most 256 kB. -> split it into several lessons',
    ]);
  });

  it('a file that is not text', async () => {
    expect((await load({ 'first.md': Buffer.from([0xff, 0xfe, 0x00]) })).told).toEqual([
      'first.md:1:1 error: first.md is not a text file: it is not UTF-8.',
    ]);
    expect((await load({ 'first.md': 'a\0b' })).told).toEqual([
      'first.md:1:1 error: first.md is not a text file: it contains NUL.',
    ]);
  });

  it.each([
    ['lists in lists', `checks: ${'- '.repeat(20_000)}`],
    ['keys in keys', `checks: ${'? '.repeat(20_000)}`],
    ['brackets in brackets', `checks: ${'['.repeat(60_000)}`],
    ['brackets over many lines', `checks: ${'[\n'.repeat(60_000)}`],
    ['braces in braces', `checks: ${'{a: '.repeat(20_000)}`],
    [
      'ever deeper lines',
      `checks:\n${Array.from({ length: 600 }, (_, i) => `${' '.repeat(i + 1)}a:\n`).join('')}`,
    ],
  ])('YAML nested too deep: %s', async (_, yaml) => {
    const { told } = await load({ 'first.md': lessonWith(yaml) });
    expect(told).toEqual([expect.stringContaining('This YAML is nested too deep.')]);
  });

  it('aliases that unfold, whatever they unfold to', async () => {
    const bomb = [
      'a: &a [x, x, x, x]',
      ...'bcdefghi'.split('').map((c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]}, `.repeat(9)}x]`),
    ];
    const { told } = await load({ 'first.md': lessonWith(bomb.join('\n')) });
    expect(told).not.toEqual([]);
    expect(told.every((text) => /YAML (anchor|tag)|alias in YAML/.test(text))).toBe(true);
  });

  it('a given state that unfolds to more than a server should be asked', async () => {
    const item = '  - { repeat: 300, run: "SET a:{n} {n}" }\n';
    const { told } = await load({ 'first.md': lessonWith(`given:\n${item.repeat(50)}`) });
    expect(told).toEqual([
      'first.md:18:5 error: This unfolds to more than 2000 command lines. -> repeat it less often',
    ]);
  });

  it('Markdown nested too deep, and reads other strange text in good time', async () => {
    const { told } = await load({ 'first.md': `${FRONT}\n## A\n\n${'>'.repeat(60_000)}` });
    expect(told).toEqual(['first.md:9:1 error: Lists and quotes are nested too deep here.']);
    for (const strange of [
      '*a_ '.repeat(20_000),
      '['.repeat(60_000),
      '[a]('.repeat(20_000),
      '<a '.repeat(20_000),
    ]) {
      expect((await load({ 'first.md': `${lessonWith()}\n## B\n\n${strange}\n` })).told).toEqual([]);
    }
  });
});

describe('whatever stands in a file', () => {
  const words = fc.constantFrom(
    ...[
      '---',
      '\n',
      ' ',
      '  ',
      '- ',
      ': ',
      '#',
      '## A',
      '```yaml exercise\n',
      '```redis demo\n',
      '```',
      '**Your turn.** ',
      '\t',
    ],
    ...[
      'id',
      'checks',
      'key',
      'given',
      'repeat',
      'hints',
      'accept',
      'reject',
      'try',
      'ttl',
      'hash',
      'includes',
      '"',
      "'",
      '[',
    ],
    ...[
      ']',
      '{',
      '}',
      '&a',
      '*a',
      '!t',
      '|',
      '>',
      '1..5',
      'null',
      '~',
      '0x1',
      '__proto__',
      '\r\n',
      '\ufeff',
      '💡',
      '<!--',
      '\x1b',
    ],
  );
  const text = fc.oneof(
    fc.array(words, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );

  it('reading a lesson never throws, and its problems stand inside the file', () => {
    fc.assert(
      fc.property(text, (raw) => {
        const { source } = sourceFromBytes('first.md', Buffer.from(raw));
        const lines = source?.text.split('\n') ?? [];
        for (const { at } of source ? readLesson('first', source).problems : []) {
          expect(at.line).toBeLessThanOrEqual(lines.length);
          expect(at.column).toBeLessThanOrEqual(lines[at.line - 1]!.length + 1);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reading an exercise never throws', () => {
    fc.assert(
      fc.property(text, (raw) => {
        const { source } = sourceFromBytes('first.md', Buffer.from(lessonWith(raw)));
        if (source) readLesson('first', source);
      }),
      { numRuns: 150 },
    );
  });

  it('reading YAML gives a value or a problem', () => {
    fc.assert(
      fc.property(text, (raw) => {
        const source = new Source('course.yaml', raw);
        const { node, problems } = readYaml({ source, start: 0, end: raw.length });
        expect(node !== undefined).toBe(problems.length === 0);
      }),
      { numRuns: 500 },
    );
  });

  it('loading and linting a folder never reject', async () => {
    const dir = await courseFolder({ 'course.yaml': COURSE });
    await fc.assert(
      fc.asyncProperty(text, text, async (course, lesson) => {
        await writeFile(join(dir, 'course.yaml'), course.length % 2 ? course : COURSE + course);
        await writeFile(join(dir, 'first.md'), lesson.length % 2 ? lesson : lessonWith(lesson));
        await loadCourse(dir);
        await lintCourse(dir);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the largest file that is read', () => {
  it('is many times the longest lesson', async () => {
    const lessons = new URL('../../lessons/', import.meta.url);
    const longest = (await readFile(new URL('strings.md', lessons))).length;
    expect(FILE_LIMIT).toBeGreaterThan(4 * longest);
  });
});
