import { readFile, realpath } from 'node:fs/promises';
import { dirname, extname, join, relative, sep } from 'node:path';
import type { Answer, Snippet } from '../course/course.ts';
import { didYouMean } from '../course/suggest.ts';
import { BadUsage } from '../failure.ts';
import { splitArgs } from '../redis/split.ts';

/** The first line of every answers file. */
export const ANSWERS_HEADER = '#! rediscover answers v1';

/** What an answers file holds for one exercise: command lines, or one module of code. */
export type Submission =
  | { kind: 'lines'; answer: Answer; line: number }
  | { kind: 'code'; snippet: Snippet; line: number };

const languages: Record<string, Snippet['language']> = { '.mjs': 'node', '.js': 'node', '.py': 'python' };

/**
 * Reads an answers file into submissions by exercise id. Throws BadUsage that names file and line of
 * every mistake. `ids` are the exercises that there are.
 */
export async function readAnswers(file: string, ids: string[]): Promise<Map<string, Submission>> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new BadUsage(`${file} cannot be read: ${whyUnreadable(cause)}.`, { cause });
  });
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const mistakes: string[] = [];
  const mistake = (line: number, message: string) => mistakes.push(`${file}:${line}: ${message}`);
  const submissions = new Map<string, Submission>();

  if (lines[0]?.trim() !== ANSWERS_HEADER) mistake(1, `the first line should be: ${ANSWERS_HEADER}`);
  let section: { id: string; taken: boolean } | undefined;
  for (const [index, raw] of lines.entries()) {
    const number = index + 1;
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('==')) {
      const id = line.slice(2).trim();
      const first = submissions.get(id);
      section = { id, taken: first !== undefined };
      if (first) mistake(number, `${id} is answered twice: first in line ${first.line}`);
      else submissions.set(id, { kind: 'lines', line: number, answer: { lines: [], at: at(file, number) } });
      if (!ids.includes(id)) {
        const near = didYouMean(id, ids) ?? '`rediscover list` shows all';
        mistake(number, `there is no exercise ${JSON.stringify(id)}; ${near}`);
      }
      continue;
    }
    const submission = section && submissions.get(section.id);
    if (!section || !submission) {
      mistake(number, 'a line before the first section; a section begins like: == strings/session-ttl');
    } else if (section.taken) {
      // Said of its head already.
    } else if (submission.kind === 'code' || (line.startsWith('@') && submission.answer.lines.length > 0)) {
      mistake(number, '"@file" stands alone: take the other lines out');
    } else if (line.startsWith('@')) {
      try {
        submissions.set(section.id, await included(line, file, number));
      } catch (error) {
        mistake(number, (error as Error).message);
      }
    } else if (line.startsWith('.')) {
      if (/^\.answer\s+\S/.test(line)) submission.answer.lines.push({ text: line, at: at(file, number) });
      else mistake(number, 'of the dot-commands only ".answer TEXT" has a place here');
    } else if (splitArgs(line) === null) {
      mistake(number, 'the quotes do not balance: one is missing, or something stands right behind one');
    } else {
      submission.answer.lines.push({ text: line, at: at(file, number) });
    }
  }
  if (mistakes.length > 0) throw new BadUsage(mistakes.join('\n'));
  return submissions;
}

async function included(line: string, file: string, number: number): Promise<Submission> {
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
  const source = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`${name} cannot be read: ${whyUnreadable(cause)}`);
  });
  return { kind: 'code', line: number, snippet: { language, source, at: at(name, 1) } };
}

function at(file: string, line: number) {
  return { file, line, column: 1 };
}

function whyUnreadable({ code, message }: NodeJS.ErrnoException): string {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'you may not read it',
  };
  return reasons[code ?? ''] ?? message;
}
