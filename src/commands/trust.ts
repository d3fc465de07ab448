import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Course, exercisesOf } from '../course/course.ts';
import { stateFolder } from '../folders.ts';
import { visible } from '../ui/visible.ts';
import { confirmHere } from './ask.ts';
import type { TrustFlags } from './flags.ts';

/** Real paths of the folders of courses whose code may run, each with the course's id. */
type Trusted = Record<string, string>;

const BUILT_IN = fileURLToPath(new URL('../lessons', import.meta.url));

/**
 * Whether the code that a course brings may run here: scenarios, snippets and programs. That of the built-in one may, of
 * another where somebody said so: by the flag, or once at a terminal, which is kept. `dir` is absent for the built-in one;
 * `runs` is what is about to run.
 */
export async function isTrusted(
  course: Course,
  dir: string | undefined,
  { trustCourse = false }: TrustFlags,
  runs: 'scenarios' | 'all',
): Promise<boolean> {
  const code = codeOf(course, runs);
  if (dir === undefined || trustCourse || code === '') return true;
  const folder = await realpath(dir);
  if (folder === (await realpath(BUILT_IN).catch(() => undefined))) return true;
  const trusted = await read();
  if (trusted[folder] === course.id) return true;
  const confirm = confirmHere();
  const question = `The course "${visible(course.title)}" in ${visible(folder)} brings code of its own (${code}), which runs on this machine. Run it?`;
  if (!confirm || !(await confirm(question))) return false;
  await keep({ ...trusted, [folder]: course.id });
  return true;
}

/** As in `3 scenarios and 12 snippets`; empty where there is none. */
function codeOf(course: Course, runs: 'scenarios' | 'all'): string {
  const exercises = exercisesOf(course);
  const scenarios = exercises.filter(({ module }) => module).length;
  const snippets = exercises.reduce(
    (sum, { code, reject }) =>
      sum + code.length + reject.filter(({ try: one }) => one.kind === 'code').length,
    0,
  );
  const parts = [
    count(scenarios, 'scenario'),
    runs === 'all' ? count(snippets, 'piece of code', 'pieces of code') : '',
  ];
  return parts.filter(Boolean).join(' and ');
}

function count(number: number, noun: string, many = `${noun}s`): string {
  return number === 0 ? '' : `${number} ${number === 1 ? noun : many}`;
}

function file(): string {
  return join(stateFolder(), 'trusted-courses.json');
}

/** What can't be read says nothing: then it is asked again. */
async function read(): Promise<Trusted> {
  try {
    const found: unknown = JSON.parse(await readFile(file(), 'utf8'));
    return typeof found === 'object' && found !== null ? (found as Trusted) : {};
  } catch {
    return {};
  }
}

async function keep(trusted: Trusted): Promise<void> {
  try {
    await mkdir(dirname(file()), { recursive: true, mode: 0o700 });
    await writeFile(file(), `${JSON.stringify(trusted, null, 2)}\n`, { mode: 0o600 });
  } catch {
    // It is asked again the next time.
  }
}
