import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { courseFolder } from '../../test/setup/course-folder.ts';
import { ANSWERS_HEADER, readAnswers } from './answers-file.ts';

const IDS = ['first/visit', 'first/code', 'first/podium'];

/** Writes an answers file, and those beside it; its path. */
async function answers(text: string | Buffer, files: Record<string, string> = {}): Promise<string> {
  return join(await courseFolder({ ...files, 'my.answers': text }), 'my.answers');
}

const sections = (text: string, files?: Record<string, string>) =>
  answers(`${ANSWERS_HEADER}\n${text}`, files);

/** What is said of a file that cannot be taken. */
async function refused(file: string): Promise<string> {
  const error = await readAnswers(file, IDS).catch((error) => error);
  expect(error).toMatchObject({ name: 'BadUsage', exitCode: 2 });
  return error.message;
}

describe('an answers file', () => {
  test('may have a byte order mark, CRLF, comments, empty lines and no line feed at its end', async () => {
    const text = `\uFEFF${ANSWERS_HEADER}\r\n\r\n# mine\r\n#\r\n#too\r\n==first/visit \r\n  SET visitor:8 Bo\r\n# done`;
    const read = await readAnswers(await answers(text), IDS);
    expect([...read]).toMatchObject([
      ['first/visit', { kind: 'lines', lines: [{ text: 'SET visitor:8 Bo', at: { line: 7 } }] }],
    ]);
  });

  test('is told every mistake at once, each with its file and line', async () => {
    const lines = [
      '== first/visit',
      'SET a "b',
      '== first/vist',
      'GET a',
      '== first/visit',
      'GET a',
      '== first/code',
      '.hint',
      '@file',
      '@file nowhere.mjs',
      '@file x.rb',
      '.answer',
    ];
    const file = await answers(lines.join('\n'), { 'x.rb': '' });
    expect((await refused(file)).split('\n')).toEqual(
      [
        [1, 'the first line should be: #! rediscover answers v1'],
        [2, 'the quotes do not balance: one is missing, or something stands right behind one'],
        [3, 'there is no exercise "first/vist"; did you mean "first/visit"?'],
        [5, 'first/visit is answered twice: first in line 1'],
        [8, 'of the dot-commands only ".answer TEXT" and ".connect URL" have a place here'],
        [9, 'write "@file NAME", with a file beside this one'],
        [10, 'there is no file nowhere.mjs beside this one'],
        [11, 'the name of x.rb should end in .mjs, .js, .ts, .mts, .py'],
        [12, 'of the dot-commands only ".answer TEXT" and ".connect URL" have a place here'],
      ].map(([line, words]) => `${file}:${line}: ${words}`),
    );
  });

  test('begins with a section before any other line', async () => {
    const file = await sections('GET a\n');
    expect(await refused(file)).toBe(
      `${file}:2: a line before the first section; a section begins like: == strings/session-ttl`,
    );
  });

  test.each(['GET a\n@file a.mjs', '@file a.mjs\nGET a'])(
    'has code alone in its section: %j',
    async (text) => {
      const file = await sections(`== first/visit\n${text}`, { 'a.mjs': '' });
      expect(await refused(file)).toBe(`${file}:4: "@file" stands alone: take the other lines out`);
    },
  );

  test('takes no code from outside its folder, by any way', async () => {
    const file = await sections(
      '== first/visit\n@file ../out.mjs\n== first/code\n@file link.mjs\n== first/podium\n@file sub.py',
    );
    const out = join(tmpdir(), 'out.mjs');
    writeFileSync(out, '');
    symlinkSync(out, join(file, '..', 'link.mjs'));
    mkdirSync(join(file, '..', 'sub.py'));
    expect((await refused(file)).split('\n')).toEqual([
      expect.stringContaining(':3: ../out.mjs is outside the folder of this file'),
      expect.stringContaining(':5: link.mjs is outside the folder of this file'),
      expect.stringContaining(':7: sub.py cannot be read: it is a folder'),
    ]);
  });

  test('that is not there, or no file, is named', async () => {
    expect(await refused('/nowhere/my.answers')).toBe(
      '/nowhere/my.answers cannot be read: there is no such file.',
    );
    const file = await sections('== first/visit\n@file a.mjs');
    const folder = join(file, '..');
    expect(await refused(folder)).toBe(`${folder} cannot be read: it is a folder.`);
    execFileSync('mkfifo', [join(folder, 'a.mjs')]);
    expect(await refused(file)).toContain(':3: a.mjs cannot be read: it is no ordinary file');
  });

  test('has an end, and so has the code that it names', async () => {
    expect(await refused('/dev/zero')).toBe('/dev/zero cannot be read: it is larger than 10 MB.');
    const file = await sections('== first/visit\n@file a.mjs', { 'a.mjs': ' '.repeat(10_000_001) });
    expect(await refused(file)).toContain(':3: a.mjs cannot be read: it is larger than 10 MB');
  });

  test.each([
    ['UTF-16', 1, Buffer.from(`\uFEFF${ANSWERS_HEADER}\n== first/visit\nGET a\n`, 'utf16le')],
    ['Latin-1', 3, Buffer.from(`${ANSWERS_HEADER}\n== first/visit\nSET visitor:8 Zo\xeb\n`, 'latin1')],
    ['a NUL byte', 3, Buffer.from(`${ANSWERS_HEADER}\n== first/visit\nSET visitor:8 Bo\0\n`)],
  ] as const)('is text in UTF-8, no answer is changed on its way: %s', async (_, line, bytes) => {
    const file = await answers(bytes);
    expect(await refused(file)).toBe(`${file}:${line}: this is not text in UTF-8.`);
  });
});
