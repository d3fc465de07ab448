import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { error, type Position, type Problem } from './problem.ts';

/** The text of one file of a course, with line ends as `\n`, and where each offset of it stands. */
export class Source {
  readonly file: string;
  readonly text: string;
  readonly #lineStarts: number[] = [0];

  /** `file` is relative to the course's folder, with `/`. */
  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.#lineStarts.push(i + 1);
  }

  /** Line and column, from 1; columns count UTF-16 units, as editors do. */
  at(offset: number): Position {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.file, line: low + 1, column: offset - this.#lineStarts[low]! + 1 };
  }

  /** The offset of a place in this file. */
  offset({ line, column }: Position): number {
    return this.#lineStarts[line - 1]! + column - 1;
  }
}

/** A stretch of a source: one block of YAML, or one fence's content. Offsets count from the start of the file. */
export interface Region {
  source: Source;
  start: number;
  end: number;
}

/** Files above this are not read: the longest lesson has some 30 kB. */
export const FILE_LIMIT = 256 * 1024;

export interface ReadResult {
  source?: Source;
  problems: Problem[];
  /** The file is not there at all. */
  missing?: boolean;
}

/** The text of one file of a course; see `readBytes` and `sourceFromBytes`. */
export async function readSource(folder: string, file: string): Promise<ReadResult> {
  const { bytes, ...nothing } = await readBytes(folder, file);
  return bytes ? sourceFromBytes(file, bytes) : nothing;
}

export interface BytesRead extends Omit<ReadResult, 'source'> {
  bytes?: Uint8Array;
}

/**
 * Reads one file of a course. Refuses what leads outside the folder, what is no regular file (a pipe would block) and
 * what is too big.
 */
export async function readBytes(folder: string, file: string): Promise<BytesRead> {
  const at = { file, line: 1, column: 1 };
  const refuse = (message: string, hint?: string): BytesRead => ({
    problems: [error(at, message, hint)],
  });
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, file));
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) {
      return refuse(
        `${file} leads outside the course's folder.`,
        'put the file itself there instead of a link',
      );
    }
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return refuse(`${file} is not a regular file.`);
      if (stat.size > FILE_LIMIT) return refuse(tooBig(file, stat.size), 'split it into several lessons');
      // Room for one byte more tells whether it has grown since.
      let buffer = Buffer.alloc(stat.size + 1);
      let length = 0;
      for (;;) {
        if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(2 * length, FILE_LIMIT + 1));
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
        length += bytesRead;
        if (bytesRead === 0) break;
        if (length > FILE_LIMIT) return refuse(tooBig(file, length), 'split it into several lessons');
      }
      return { bytes: buffer.subarray(0, length), problems: [] };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { problems: [], missing: true };
    if (code === 'ELOOP') return refuse(`${file} is a link that leads to itself.`);
    return refuse(`${file} cannot be read (${code ?? 'unknown error'}).`);
  }
}

/**
 * The text of a file's bytes. Refuses what is not UTF-8. Control characters are reported and taken out, so that none
 * reaches a terminal.
 */
export function sourceFromBytes(file: string, bytes: Uint8Array): ReadResult {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { problems: [notText(file, 'it is not UTF-8')] };
  }
  if (text.includes('\0')) return { problems: [notText(file, 'it contains NUL')] };
  const raw = new Source(file, text.replaceAll('\r\n', '\n'));
  const problems: Problem[] = [];
  const clean = raw.text.replace(UNSEEN, (character, offset: number) => {
    if (problems.length < 20) {
      problems.push(
        error(
          raw.at(offset),
          `There is an invisible control character here (${codePoint(character)}).`,
          'delete it',
        ),
      );
    }
    return '\ufffd';
  });
  return { source: new Source(file, clean), problems };
}

/** Control characters other than tab and line feed, and marks that reverse the order in which text is shown. */
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** The first character that must not be in text for the screen, as `U+001B`. */
export function unseenIn(text: string): string | undefined {
  const found = text.match(UNSEEN)?.[0];
  return found === undefined ? undefined : codePoint(found);
}

/** As in `U+001B`. */
export function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

function notText(file: string, because: string): Problem {
  return error({ file, line: 1, column: 1 }, `${file} is not a text file: ${because}.`);
}

function tooBig(file: string, size: number): string {
  return `${file} has ${Math.round(size / 1024)} kB; a file of a course has at most ${FILE_LIMIT / 1024} kB.`;
}
