import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { courseFolder } from '../../test/setup/course-folder.ts';
import { ANSWERS_HEADER, type HandedIn, mistakeText, readAnswers } from './answers-file.ts';

const ids = ['first/visit', 'first/code', 'first/podium'];

/** Writes an answers file, and those beside it; its path. */
async function answers(text: string | Buffer, files: Record<string, string> = {}): Promise<string> {
  return join(await courseFolder({ ...files, 'my.answers': text }), 'my.answers');
}

const sections = (text: string, files?: Record<string, string>) =>
  answers(`${ANSWERS_HEADER}\n${text}`, files);

async function read(file: string, options = {}): Promise<Record<string, HandedIn>> {
  const { handedIn } = await readAnswers([file], { ids, ...options });
  return Object.fromEntries(handedIn);
}

/** What is said of a file that cannot be taken. */
async function refused(file: string): Promise<string> {
  const error = await readAnswers([file], { ids }).catch((error) => error);
  expect(error).toMatchObject({ name: 'BadUsage', exitCode: 2 });
  return error.message;
}

/** What is said of each answer that has a mistake; all others have none, and an answer. */
async function mistakes(file: string, options = {}): Promise<Record<string, string[]>> {
  const all = Object.entries(await read(file, options));
  for (const [, { answer, mistakes }] of all) expect(answer === undefined).toBe(mistakes.length > 0);
  return Object.fromEntries(
    all.flatMap(([id, { mistakes }]) => (mistakes.length > 0 ? [[id, mistakes.map(mistakeText)]] : [])),
  );
}

const textsOf = ({ answer }: HandedIn) =>
  answer?.kind === 'lines' ? answer.lines.map(({ text }) => text) : undefined;

describe('an answers file', () => {
  test('may have a byte order mark, CRLF, comments, empty lines and no line feed at its end', async () => {
    const text = `\uFEFF${ANSWERS_HEADER}\r\n\r\n# mine\r\n#\r\n#too\r\n==first/visit \r\n  SET visitor:8 Bo\r\n# done`;
    const found = await read(await answers(text));
    expect(found).toMatchObject({
      'first/visit': {
        at: { line: 6, column: 1 },
        answer: { kind: 'lines', lines: [{ text: 'SET visitor:8 Bo', at: { line: 7, column: 3 } }] },
      },
    });
  });

  test('has tabs between words and around them as they come', async () => {
    const found = await read(await sections('==\tfirst/visit\t\n\tSET\tvisitor:8\t"a\tb"\t\r\n'));
    expect(textsOf(found['first/visit']!)).toEqual(['SET\tvisitor:8\t"a\tb"']);
  });

  test('may hold a line of millions of bytes', async () => {
    const value = 'x'.repeat(20_000_000);
    const found = await read(await sections(`== first/visit\nSET visitor:8 ${value}\n`));
    expect(textsOf(found['first/visit']!)![0]).toHaveLength(20_000_014);
  });

  test("is told every mistake that is no one exercise's at once, each with its place", async () => {
    const file = await answers('== first/visit\nGET a\n  == first/vist\nGET a\n');
    expect((await refused(file)).split('\n')).toEqual([
      `${file}:1:1: the first line should be: #! rediscover answers v1`,
      '  == first/visit',
      `${file}:3:3: there is no exercise "first/vist"; did you mean "first/visit"?`,
      '    == first/vist',
    ]);
  });

  test.each([
    ['SET a "b', 7, 'the quotes do not balance: this one is never closed'],
    ["\tSET é 'b", 8, 'the quotes do not balance: this one is never closed'],
    ['SET a "b"c', 10, 'the quotes do not balance: after a closing one comes a space or the end of the line'],
    ['.hint', 1, 'of the dot-commands only ".answer TEXT" and ".connect URL" have a place here'],
    ['.answer', 1, 'of the dot-commands only ".answer TEXT" and ".connect URL" have a place here'],
    ['@file', 1, 'write "@file NAME", with a file beside this one'],
    ['@file nowhere.mjs', 1, 'there is no file nowhere.mjs beside this one'],
    ['@file "x y.rb"', 1, 'the name of x y.rb should end in .mjs, .js, .ts, .mts, .py'],
  ])('has a mistake for the exercise alone that it is in: %s', async (line, column, words) => {
    const file = await sections(`== first/visit\nGET a\n== first/code\n${line}\n`, { 'x y.rb': '' });
    expect(await mistakes(file)).toEqual({
      'first/code': [`${file}:5:${column}: ${words}\n  ${line}`],
    });
  });

  test('shows of a long line what stands around the mistake', async () => {
    const file = await sections(`== first/code\nSET ${'a'.repeat(500)} "b ${'c'.repeat(500)}\n`);
    expect((await mistakes(file))['first/code']).toEqual([
      `${file}:3:506: the quotes do not balance: this one is never closed\n  ...${'a'.repeat(59)} "b ${'c'.repeat(57)}...`,
    ]);
  });

  test('may answer an exercise once: both places are told', async () => {
    const file = await sections('== first/visit\nGET a\n== first/code\nGET a\n== first/visit\nGET a\n');
    expect(await mistakes(file)).toEqual({
      'first/visit': [
        `${file}:6:1: first/visit is answered twice: in ${file}:2:1 and here\n  == first/visit`,
      ],
    });
  });

  test('begins with a section before any other line', async () => {
    const file = await sections('GET a\n');
    expect(await refused(file)).toBe(
      `${file}:2:1: a line before the first section; a section begins like: == strings/session-ttl\n  GET a`,
    );
  });

  test.each(['GET a\n@file a.mjs', '@file a.mjs\nGET a'])(
    'has code alone in its section: %j',
    async (text) => {
      const file = await sections(`== first/visit\n${text}`, { 'a.mjs': '' });
      expect((await mistakes(file))['first/visit']![0]).toContain(
        `${file}:4:1: "@file" stands alone: take the other lines out`,
      );
    },
  );

  test('takes no code from outside its folder, by any way, unless that is allowed', async () => {
    const file = await sections(
      '== first/visit\n@file ../out.mjs\n== first/code\n@file link.mjs\n== first/podium\n@file sub.py',
    );
    const out = join(tmpdir(), 'out.mjs');
    writeFileSync(out, '');
    writeFileSync(join(file, '..', '..', 'out.mjs'), '');
    symlinkSync(out, join(file, '..', 'link.mjs'));
    mkdirSync(join(file, '..', 'sub.py'));
    const said = await mistakes(file);
    expect(Object.values(said).flat()).toEqual([
      expect.stringContaining(':3:1: ../out.mjs is outside the folder of this file'),
      expect.stringContaining(':5:1: link.mjs is outside the folder of this file'),
      expect.stringContaining(':7:1: sub.py cannot be read: it is a folder'),
    ]);
    expect(Object.keys(await mistakes(file, { allowOutside: true }))).toEqual(['first/podium']);
    const absolute = await sections(`== first/visit\n@file ${out}`);
    expect(Object.keys(await mistakes(absolute))).toEqual(['first/visit']);
    expect(await mistakes(absolute, { allowOutside: true })).toEqual({});
  });

  test('names code in its own folder by any way of writing that', async () => {
    const file = await sections('== first/visit\n@file ./a b.mjs\n== first/code\n@file "a b.mjs"', {
      'a b.mjs': 'await client.ping()',
    });
    for (const { answer } of Object.values(await read(file)))
      expect(answer).toMatchObject({ kind: 'code', language: 'node', source: 'await client.ping()' });
  });

  test('that is not there, or no file, is named', async () => {
    expect(await refused('/nowhere/my.answers')).toBe(
      '/nowhere/my.answers cannot be read: there is no such file.',
    );
    const file = await sections('== first/visit\n@file a.mjs');
    const folder = join(file, '..');
    expect(await refused(folder)).toBe(`${folder} cannot be read: it is a folder.`);
    execFileSync('mkfifo', [join(folder, 'a.mjs')]);
    expect((await mistakes(file))['first/visit']![0]).toContain(
      ':3:1: a.mjs cannot be read: it is no ordinary file',
    );
  });

  test('has an end, and so has the code that it names', async () => {
    expect(await refused('/dev/zero')).toBe(
      '/dev/zero:1:1: the first line should be: #! rediscover answers v1',
    );
    const file = await sections('== first/visit\n@file a.mjs', { 'a.mjs': ' '.repeat(10_000_001) });
    expect((await mistakes(file))['first/visit']![0]).toContain(
      ':3:1: a.mjs cannot be read: it is larger than 10 MB',
    );
  });

  test('is empty where there is nothing in it', async () => {
    const file = await answers('');
    expect(await refused(file)).toContain('it is empty; the first line should be');
  });

  test('is standard input where it is called -', async () => {
    const input = Readable.from([Buffer.from(`${ANSWERS_HEADER}\n== first/vi`), Buffer.from('sit\nGET a\n')]);
    const { handedIn, files } = await readAnswers(['-'], { ids, input });
    expect(textsOf(handedIn.get('first/visit')!)).toEqual(['GET a']);
    expect(handedIn.get('first/visit')!.at.file).toBe('standard input');
    expect(files).toEqual([]);
  });

  test.each([
    ['Latin-1', Buffer.from('SET visitor:8 Zo\xeb', 'latin1'), 17, 'SET visitor:8 Zo\xeb'],
    ['a NUL byte', Buffer.from('SET visitor:8 Bo\0'), 17, 'SET visitor:8 Bo\0'],
  ] as const)('is text in UTF-8, no answer is changed on its way: %s', async (_, bytes, column, line) => {
    const text = Buffer.concat([
      Buffer.from(`${ANSWERS_HEADER}\n== first/code\nGET a\n== first/visit\n`),
      bytes,
      Buffer.from('\n'),
    ]);
    const file = await answers(text);
    expect(await mistakes(file)).toEqual({
      'first/visit': [
        String.raw`${file}:5:${column}: this is not text in UTF-8: bytes of another kind are written in double quotes, like "\xff\x00"` +
          `\n  ${line}`,
      ],
    });
  });

  test('in UTF-16 is none', async () => {
    const file = await answers(Buffer.from(`\uFEFF${ANSWERS_HEADER}\n== first/visit\nGET a\n`, 'utf16le'));
    expect(await refused(file)).toBe(`${file}:1:1: this is UTF-16: save the file as UTF-8`);
  });
});
