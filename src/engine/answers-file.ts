import { constants, isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Answer, CodeAnswer, LinesAnswer, Position } from '../course/course.ts';
import { didYouMean } from '../course/suggest.ts';
import { BadUsage } from '../failure.ts';
import { misquoteIn } from '../redis/split.ts';

/** The first line of every answers file. */
export const ANSWERS_HEADER = '#! rediscover answers v1';
/** How a file is called that is standard input. */
export const STANDARD_INPUT = 'standard input';

/** Bytes that an answers file may hold, and so one line of it: what Redis takes as one value. */
const LARGEST = 512 * 1024 * 1024;
/** Bytes of a module. */
const LARGEST_CODE = 10_000_000;
/** What does not end its first line by then is no answers file, and may have no end at all. */
const LONGEST_HEADER = 4096;
/** Mistakes of a file as a whole that are told: it may be no answers file at all. */
const MOST_TOLD = 20;
/** Characters of a line that are shown around what is wrong in it. */
const SHOWN = 60;

/** What redis-cli takes for a space. */
const BLANKS_AROUND = /^[ \t\v\f\r]+|[ \t\v\f\r]+$/g;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

const languages: Record<string, CodeAnswer['language']> = {
  '.mjs': 'node',
  '.js': 'node',
  '.ts': 'node',
  '.mts': 'node',
  '.py': 'python',
};

/** What was handed in for one exercise. */
export interface HandedIn {
  /** Where its section begins. */
  at: Position;
  /** Absent where it has a mistake: then there is nothing to judge. */
  answer?: Answer;
  /** In the order of their places; none where there is an answer. */
  mistakes: Mistake[];
}

export interface Mistake {
  at: Position;
  message: string;
  /** The line, or what stands around the place in it. */
  line?: string;
}

export interface AnswersOptions {
  /** The exercises that there are. */
  ids: readonly string[];
  /** `@file` may name files anywhere, not beside the answers file alone. */
  allowOutside?: boolean;
  /** What `-` stands for. */
  input?: AsyncIterable<Buffer | string>;
}

export interface Answers {
  /** By exercise id. */
  handedIn: Map<string, HandedIn>;
  /** Whatever was read or looked for: answers files and the files that they name. */
  files: string[];
}

/**
 * Reads answers files, `-` being standard input. A mistake in one answer is that exercise's alone. Throws BadUsage, with
 * file, line and column of each, for mistakes that are no one exercise's: a file that is none, a section that names no exercise.
 */
export async function readAnswers(paths: readonly string[], options: AnswersOptions): Promise<Answers> {
  const handedIn = new Map<string, HandedIn>();
  const files: string[] = [];
  const astray: Mistake[] = [];
  for (const path of paths) {
    const file = path === '-' ? STANDARD_INPUT : path;
    if (path !== '-') files.push(path);
    const bytes = await answersIn(path, file, options.input);
    const { sections, mistakes } = parseAnswers(bytes, file);
    astray.push(...mistakes);
    for (const { id, at, line, ...section } of sections) {
      if (!options.ids.includes(id)) {
        const near = didYouMean(id, options.ids) ?? '`rediscover list` shows all';
        astray.push({ at, message: `there is no exercise ${JSON.stringify(id)}; ${near}`, line });
        continue;
      }
      const first = handedIn.get(id);
      if (first) {
        const message = `${id} is answered twice: in ${placeText(first.at)} and here`;
        first.mistakes.push({ at, message, line });
        delete first.answer;
        continue;
      }
      const folder = path === '-' ? '.' : dirname(path);
      if (section.include) files.push(resolve(folder, section.include.name));
      handedIn.set(id, await handedInBy({ at, ...section }, folder, options.allowOutside ?? false));
    }
  }
  if (astray.length > 0) {
    const told = astray.slice(0, MOST_TOLD).map(mistakeText);
    if (astray.length > MOST_TOLD) told.push(`... and ${astray.length - MOST_TOLD} more like these`);
    throw new BadUsage(told.join('\n'));
  }
  return { handedIn, files };
}

/** What a section hands in; a file that it names is looked for from `folder`. */
export async function handedInBy(
  { at, answer, include, mistakes }: Omit<Section, 'id' | 'line'>,
  folder: string,
  allowOutside: boolean,
): Promise<HandedIn> {
  if (mistakes.length > 0) return { at, mistakes };
  if (!include) return { at, answer, mistakes };
  try {
    return { at, answer: await included(include.name, folder, allowOutside), mistakes };
  } catch (error) {
    return { at, mistakes: [{ at: include.at, message: (error as Error).message, line: include.line }] };
  }
}

/** Lines as they stand beneath the head of a section. */
export function sectionOf(texts: readonly string[], at: Position): Omit<Section, 'id' | 'line'> {
  const section = { at, answer: { kind: 'lines' as const, lines: [], at }, mistakes: [] };
  for (const [index, text] of texts.entries()) take(section, text, { ...at, line: at.line + index });
  return section;
}

/** As `my.answers:3:7: the quote is never closed`, and the line beneath. */
export function mistakeText({ at, message, line }: Mistake): string {
  return `${placeText(at)}: ${message}${line === undefined ? '' : `\n  ${line}`}`;
}

function placeText({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/** One `== id` and what stands beneath it. */
export interface Section {
  id: string;
  /** Its head, and where that stands. */
  line: string;
  at: Position;
  answer: LinesAnswer;
  /** `@file NAME` instead of lines. */
  include?: { name: string; at: Position; line: string };
  mistakes: Mistake[];
}

/** What an answers file holds, be it right or not; `mistakes` are those of no section. Never throws. */
export function parseAnswers(bytes: Buffer, file: string): { sections: Section[]; mistakes: Mistake[] } {
  const sections: Section[] = [];
  const mistakes: Mistake[] = [];
  if (isUtf16(bytes)) {
    const message = 'this is UTF-16: save the file as UTF-8';
    return { sections, mistakes: [{ at: { file, line: 1, column: 1 }, message }] };
  }
  let section: Section | undefined;
  let number = 0;
  for (const raw of linesOf(bytes)) {
    number++;
    const at = { file, line: number, column: 1 };
    const text = textOf(raw, at);
    if (typeof text !== 'string') {
      (section?.mistakes ?? mistakes).push(text);
      continue;
    }
    const line = text.trim();
    if (number === 1 && line !== ANSWERS_HEADER)
      mistakes.push({ at, message: `the first line should be: ${ANSWERS_HEADER}`, line: excerpt(text, 0) });
    const place = { ...at, column: text.indexOf(line) + 1 };
    if (line.startsWith('==')) {
      const id = line.slice(2).trim();
      section = {
        id,
        line: excerpt(text, 0),
        at: place,
        answer: { kind: 'lines', lines: [], at: place },
        mistakes: [],
      };
      sections.push(section);
    } else if (section) {
      take(section, text, at);
    } else if (!isRemark(line)) {
      const message = 'a line before the first section; a section begins like: == strings/session-ttl';
      mistakes.push({ at: place, message, line: excerpt(text, 0) });
    }
  }
  if (number === 0)
    mistakes.push({
      at: { file, line: 1, column: 1 },
      message: `it is empty; the first line should be: ${ANSWERS_HEADER}`,
    });
  return { sections, mistakes };
}

function isRemark(line: string): boolean {
  return line === '' || line.startsWith('#');
}

/** `begin` is where the line begins. */
function take(section: Omit<Section, 'id' | 'line'>, text: string, begin: Position): void {
  const line = text.trim();
  if (isRemark(line)) return;
  const at = { ...begin, column: text.indexOf(line) + 1 };
  const mistake = (message: string, where = at) =>
    section.mistakes.push({ at: where, message, line: excerpt(text, where.column - 1) });
  const { lines } = section.answer;
  if (section.include || (line.startsWith('@') && lines.length > 0)) {
    mistake('"@file" stands alone: take the other lines out');
  } else if (line.startsWith('@')) {
    const [, quoted, plain] = /^@file\s+(?:"([^"]+)"|(.+))$/.exec(line) ?? [];
    const name = quoted ?? plain;
    if (name === undefined) mistake('write "@file NAME", with a file beside this one');
    else section.include = { name, at, line: excerpt(text, at.column - 1) };
  } else if (line.startsWith('.')) {
    if (/^\.(answer|connect)\s+\S/.test(line)) lines.push({ text: line, at });
    else mistake('of the dot-commands only ".answer TEXT" and ".connect URL" have a place here');
  } else {
    const misquote = misquoteIn(text);
    if (!misquote) {
      lines.push({ text: text.replace(BLANKS_AROUND, ''), at });
      return;
    }
    // Bytes before it, as characters.
    const before = Buffer.from(text).subarray(0, misquote.at).toString().length;
    mistake(
      misquote.kind === 'open'
        ? 'the quotes do not balance: this one is never closed'
        : 'the quotes do not balance: after a closing one comes a space or the end of the line',
      { ...at, column: before + 1 },
    );
  }
}

/** By the mark that editors write first. */
function isUtf16(bytes: Buffer): boolean {
  const mark = bytes.toString('latin1', 0, 2);
  return mark === '\xFF\xFE' || mark === '\xFE\xFF';
}

/** Each without its line feed, and without the carriage return before that; nothing behind the last line feed is no line. */
function* linesOf(bytes: Buffer): Generator<Buffer> {
  const begins = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  for (let from = begins ? BYTE_ORDER_MARK.length : 0; from < bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, from);
    const next = feed < 0 ? bytes.length : feed;
    const end = next > from && bytes[next - 1] === CARRIAGE_RETURN ? next - 1 : next;
    yield bytes.subarray(from, end);
    from = next + 1;
  }
}

/** Other bytes would turn into replacement characters, and a command would be cut at a NUL: answers nobody gave. */
function textOf(raw: Buffer, at: Position): string | Mistake {
  if (raw.length > constants.MAX_STRING_LENGTH)
    return { at, message: `it is longer than any command of Redis: ${raw.length} bytes` };
  const nul = raw.indexOf(0);
  if (nul < 0 && isUtf8(raw)) return raw.toString();
  const column = (nul < 0 ? firstStrange(raw) : raw.subarray(0, nul).toString().length) + 1;
  const message = String.raw`this is not text in UTF-8: bytes of another kind are written in double quotes, like "\xff\x00"`;
  return { at: { ...at, column }, message, line: excerpt(raw.toString('latin1'), column - 1) };
}

/** The character at which a line stops being UTF-8, counted from 0: behind the longest beginning that is. */
function firstStrange(raw: Buffer): number {
  let [good, bad] = [0, raw.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (textUpTo(raw, middle) === undefined) bad = middle;
    else good = middle;
  }
  return textUpTo(raw, good)!.length;
}

/** Without a character that is cut at its end; undefined where something else is no text. */
function textUpTo(raw: Buffer, end: number): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw.subarray(0, end), {
      stream: true,
    });
  } catch {
    return undefined;
  }
}

/** A line, or as much of it as shows what is wrong at `at`, which is counted from 0. */
function excerpt(text: string, at: number): string {
  if (text.length <= 2 * SHOWN) return text.trimEnd();
  const from = Math.max(0, at - SHOWN);
  const to = Math.min(text.length, at + SHOWN);
  return `${from > 0 ? '...' : ''}${text.slice(from, to)}${to < text.length ? '...' : ''}`;
}

async function included(name: string, base: string, allowOutside: boolean): Promise<CodeAnswer> {
  const folder = await realpath(base);
  const path = await realpath(resolve(folder, name)).catch(() => {
    throw new Error(`there is no file ${name}${isAbsolute(name) ? '' : ' beside this one'}`);
  });
  if (!allowOutside && isOutside(folder, path))
    throw new Error(`${name} is outside the folder of this file: put it there, or say --allow-outside`);
  const language = languages[extname(path)];
  if (!language) throw new Error(`the name of ${name} should end in ${Object.keys(languages).join(', ')}`);
  try {
    const kind = await stat(path);
    // A named pipe would keep us waiting for whoever writes to it.
    if (!kind.isFile() && !kind.isDirectory()) throw new Error('it is no ordinary file');
    const source = (await bytesOf(createReadStream(path), LARGEST_CODE)).toString();
    return {
      kind: 'code',
      language,
      source,
      file: path,
      at: { file: isAbsolute(name) ? name : join(base, name), line: 1, column: 1 },
    };
  } catch (error) {
    throw new Error(`${name} cannot be read: ${whyUnreadable(error as Error)}`);
  }
}

function isOutside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return isAbsolute(way) || way.split(sep)[0] === '..';
}

/** Throws BadUsage where it can't be read, or is no answers file to begin with: then it may have no end. */
async function answersIn(
  path: string,
  file: string,
  input: AsyncIterable<Buffer | string> | undefined,
): Promise<Buffer> {
  const stream = path === '-' ? input : createReadStream(path);
  if (!stream) throw new BadUsage('There is no standard input to read answers from.');
  try {
    return await bytesOf(stream, LARGEST, (chunks) => {
      const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      if (bytes.length > LONGEST_HEADER && !bytes.subarray(0, LONGEST_HEADER).includes(LINE_FEED))
        throw new BadUsage(`${file}:1:1: the first line should be: ${ANSWERS_HEADER}`);
    });
  } catch (cause) {
    if (cause instanceof BadUsage) throw cause;
    throw new BadUsage(`${file} cannot be read: ${whyUnreadable(cause as Error)}.`, { cause });
  }
}

/**
 * Rejects with the stream's error, or where it goes on for longer than `most` bytes. `look` sees what came until there is
 * a line's worth of it.
 */
async function bytesOf(
  stream: AsyncIterable<Buffer | string>,
  most: number,
  look: (chunks: Buffer[]) => void = () => {},
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    const before = size;
    size += bytes.length;
    if (size > most) throw new Error(`it is larger than ${Math.floor(most / 1e6)} MB`);
    chunks.push(bytes);
    if (before <= LONGEST_HEADER) look(chunks);
  }
  return Buffer.concat(chunks);
}

function whyUnreadable({ code, message }: Error & { code?: string }): string {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'you may not read it',
  };
  return reasons[code ?? ''] ?? message;
}
