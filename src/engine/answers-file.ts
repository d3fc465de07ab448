import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname, extname, join, relative, sep } from 'node:path';
import type { Answer, CodeAnswer } from '../course/course.ts';
import { didYouMean } from '../course/suggest.ts';
import { BadUsage } from '../failure.ts';
import { splitArgs } from '../redis/split.ts';

/** The first line of every answers file. */
export const ANSWERS_HEADER = '#! rediscover answers v1';

/** Bytes that an answers file may hold, and each file that it includes. */
const LARGEST = 10_000_000;

const languages: Record<string, CodeAnswer['language']> = {
  '.mjs': 'node',
  '.js': 'node',
  '.ts': 'node',
  '.mts': 'node',
  '.py': 'python',
};

/**
 * Reads an answers file, or standard input where it is `-`, into answers by exercise id. Throws BadUsage that
 * names file and line of every mistake. `ids` are the exercises that there are.
 */
export async function readAnswers(path: string, ids: string[]): Promise<Map<string, Answer>> {
  const file = path === '-' ? 'standard input' : path;
  const bytes = await bytesOf(path === '-' ? process.stdin : createReadStream(path)).catch((cause) => {
    throw new BadUsage(`${file} cannot be read: ${whyUnreadable(cause)}.`, { cause });
  });
  mustBeText(bytes, file);
  const lines = bytes
    .toString()
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  const mistakes: string[] = [];
  const mistake = (line: number, message: string) => mistakes.push(`${file}:${line}: ${message}`);
  const answers = new Map<string, Answer>();
  const lineOf = new Map<string, number>();

  if (lines[0]?.trim() !== ANSWERS_HEADER) mistake(1, `the first line should be: ${ANSWERS_HEADER}`);
  let section: { id: string; taken: boolean } | undefined;
  for (const [index, raw] of lines.entries()) {
    const number = index + 1;
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('==')) {
      const id = line.slice(2).trim();
      const first = lineOf.get(id);
      section = { id, taken: first !== undefined };
      if (first !== undefined) mistake(number, `${id} is answered twice: first in line ${first}`);
      else {
        lineOf.set(id, number);
        answers.set(id, { kind: 'lines', lines: [], at: at(file, number) });
      }
      if (!ids.includes(id)) {
        const near = didYouMean(id, ids) ?? '`rediscover list` shows all';
        mistake(number, `there is no exercise ${JSON.stringify(id)}; ${near}`);
      }
      continue;
    }
    const answer = section && answers.get(section.id);
    if (!section || !answer) {
      mistake(number, 'a line before the first section; a section begins like: == strings/session-ttl');
    } else if (section.taken) {
      // Said of its head already.
    } else if (answer.kind === 'code' || (line.startsWith('@') && answer.lines.length > 0)) {
      mistake(number, '"@file" stands alone: take the other lines out');
    } else if (line.startsWith('@')) {
      try {
        answers.set(section.id, await included(line, path));
      } catch (error) {
        mistake(number, (error as Error).message);
      }
    } else if (line.startsWith('.')) {
      if (/^\.(answer|connect)\s+\S/.test(line)) answer.lines.push({ text: line, at: at(file, number) });
      else mistake(number, 'of the dot-commands only ".answer TEXT" and ".connect URL" have a place here');
    } else if (splitArgs(line) === null) {
      mistake(number, 'the quotes do not balance: one is missing, or something stands right behind one');
    } else {
      answer.lines.push({ text: line, at: at(file, number) });
    }
  }
  if (mistakes.length > 0) throw new BadUsage(mistakes.join('\n'));
  return answers;
}

async function included(line: string, file: string): Promise<CodeAnswer> {
  const [, name] = /^@file\s+(.+)$/.exec(line) ?? [];
  if (!name) throw new Error('write "@file NAME", with a file beside this one');
  const folder = await realpath(dirname(file));
  const path = await realpath(join(folder, name)).catch(() => {
    throw new Error(`there is no file ${name} beside this one`);
  });
  if (relative(folder, path).split(sep)[0] === '..')
    throw new Error(`${name} is outside the folder of this file: put it there`);
  const language = languages[extname(path)];
  if (!language) throw new Error(`the name of ${name} should end in ${Object.keys(languages).join(', ')}`);
  try {
    const kind = await stat(path);
    // A named pipe would keep us waiting for whoever writes to it.
    if (!kind.isFile() && !kind.isDirectory()) throw new Error('it is no ordinary file');
    const source = (await bytesOf(createReadStream(path))).toString();
    return { kind: 'code', language, source, file: path, at: at(name, 1) };
  } catch (error) {
    throw new Error(`${name} cannot be read: ${whyUnreadable(error as Error)}`);
  }
}

/** Rejects with the stream's error, or where it goes on for too long. */
async function bytesOf(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LARGEST) throw new Error(`it is larger than ${LARGEST / 1e6} MB`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** Other bytes would turn into replacement characters, and a command would be cut at a NUL: answers nobody gave. */
function mustBeText(bytes: Buffer, file: string): void {
  const lines = bytes.toString('latin1').split('\n');
  const strange = lines.findIndex((line) => line.includes('\0') || !isUtf8(Buffer.from(line, 'latin1')));
  if (strange < 0) return;
  throw new BadUsage(`${file}:${strange + 1}: this is not text in UTF-8.`, {
    next: String.raw`Save the file as UTF-8; other bytes of a value are written in double quotes, like "\xff\x00".`,
  });
}

function at(file: string, line: number) {
  return { file, line, column: 1 };
}

function whyUnreadable({ code, message }: Error & { code?: string }): string {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'you may not read it',
  };
  return reasons[code ?? ''] ?? message;
}
