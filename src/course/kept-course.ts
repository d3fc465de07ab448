import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Course, Problem } from './course.ts';
import { keepFile, sweep } from './kept-file.ts';
import { readBytes } from './source.ts';

/** What reading a course gave, and which bytes it was read from. */
export interface LoadedCourse {
  /** None where a problem is an error. */
  course?: Course;
  problems: Problem[];
  /** The hash of each file, by its name; of one that was looked for and is not there, an empty text. */
  files: Record<string, string>;
}

/** Where courses are kept that were loaded before. */
export interface Shelf {
  /** The user's own; need not exist. */
  folder: string;
  /** What tells one build of the program from another: it reads only what it wrote itself. */
  build: string;
}

/** Each course is one file; the oldest go. */
const MOST_COURSES = 20;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_BYTES_OF_ALL = 2 * MOST_BYTES;

/**
 * The course in a folder, as `load` has it. Where every file has the bytes that it had the last time, what was kept then
 * is the answer, and no parser is loaded; else `load` is told of it. Not a word where nothing can be kept.
 */
export async function loadKeptCourse(
  dir: string,
  shelf: Shelf,
  load: (dir: string, before?: LoadedCourse) => Promise<LoadedCourse>,
): Promise<LoadedCourse> {
  const path = join(shelf.folder, `${hashOf(resolve(dir))}.course`);
  const kept = await takeDown(path, shelf);
  if (kept && (await isUnchanged(dir, kept))) return kept;
  const loaded = await load(dir, kept);
  if (!loaded.course) return loaded;
  const text = keptText(loaded, shelf);
  if (Buffer.byteLength(text) > MOST_BYTES) return loaded;
  // Where it can't be kept it will be read again the next time, as it was now.
  await keepFile(path, text);
  await sweep(shelf.folder, { files: MOST_COURSES, bytes: MOST_BYTES_OF_ALL });
  return loaded;
}

export function hashOf(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The text to keep: a line that only this build writes, and only above the whole of this JSON. */
export function keptText(loaded: LoadedCourse, { build }: Shelf): string {
  const json = JSON.stringify(loaded);
  return `${build} ${hashOf(json)}\n${json}`;
}

async function isUnchanged(dir: string, { files }: LoadedCourse): Promise<boolean> {
  for (const [file, hash] of Object.entries(files)) {
    const { bytes } = await readBytes(dir, file);
    if ((bytes ? hashOf(bytes) : '') !== hash) return false;
  }
  return true;
}

/** Undefined where nothing is kept, or what is there is torn, of another build, or not this user's alone to write. */
async function takeDown(path: string, { build }: Shelf): Promise<LoadedCourse | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { uid, mode, size } = await file.stat();
      const isOurs = uid === (process.getuid?.() ?? uid) && (process.platform === 'win32' || !(mode & 0o022));
      if (!isOurs || size > MOST_BYTES) return undefined;
      const bytes = await file.readFile();
      const end = bytes.indexOf('\n');
      const json = bytes.subarray(end + 1);
      if (bytes.toString('utf8', 0, end) !== `${build} ${hashOf(json)}`) return undefined;
      return JSON.parse(json.toString());
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
