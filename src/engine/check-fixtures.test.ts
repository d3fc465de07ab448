import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtFile } from '../built.ts';
import { findPython } from '../code/python.ts';
import { type Course, exercisesOf } from '../course/course.ts';
import { exercisesNamed } from '../course/named.ts';
import { BadUsage } from '../failure.ts';
import { findServerProgram } from '../sandbox/find-program.ts';
import { readAnswers } from './answers-file.ts';
import { Check, exitCodeOf, type Item, itemsFor } from './check.ts';
import type { Result } from './result.ts';

/** What is right for a learner who hands these files in. */
interface Row {
  /** In the folder of the table. */
  files: string[];
  kind: 'right' | 'wrong' | 'malformed';
  about: string;
  /** Exercises and lessons that are asked for; where absent, those that are answered. */
  exercises?: string[];
  exit: number;
  /** The status of each exercise; `passed|skipped` where not every server has what it needs. */
  results?: Record<string, string>;
  /** What stands in the message of each that did not pass. */
  words?: Record<string, string[]>;
  /** In place of results: what is said of files that cannot be taken. */
  refused?: string[];
  /** `short`: an answer never ends. */
  limit?: 'short';
  /** It takes a Python with redis-py. */
  python?: true;
  /** Why the program does otherwise as yet. */
  disputed?: string;
}

const FOLDER = join('fixtures', 'answers', 'check');
const rows = readFileSync(join(FOLDER, 'table.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);
/** Ms that an answer may take. */
const LIMITS = { usual: 10_000, short: 400 };
const course = JSON.parse(readFileSync(builtFile('course.json'), 'utf8')) as Course;
const ids = exercisesOf(course).map(({ id }) => id);
const python = await findPython();
const without = 'missing' in python ? python.missing : undefined;

/** What became of a row's files. */
type Outcome = { results: Result[] } | { refused: BadUsage };
const outcomes = new Map<Row, Outcome>();
const checks: Check[] = [];

beforeAll(async () => {
  const items = new Map<Row, Item[]>();
  for (const row of rows) {
    if (whySkipped(row) !== undefined) continue;
    try {
      items.set(row, await itemsOf(row));
    } catch (error) {
      if (!(error instanceof BadUsage)) throw error;
      outcomes.set(row, { refused: error });
    }
  }
  // All usual ones side by side, and on their own those that have a core to themselves until their time is over.
  await judge(
    [...items].filter(([{ limit }]) => !limit),
    LIMITS.usual,
  );
  await judge(
    [...items].filter(([{ limit }]) => limit),
    LIMITS.short,
  );
});
afterAll(() => Promise.all(checks.map((check) => check.close())));

function whySkipped({ disputed, python }: Row): string | undefined {
  return disputed ?? (python && without);
}

/** As the command does. */
async function itemsOf({ files, exercises }: Row): Promise<Item[]> {
  const { handedIn } = await readAnswers(
    files.map((file) => join(FOLDER, file)),
    { ids },
  );
  const named = await exercisesNamed(course, exercises ?? []);
  const items = itemsFor(exercises ? named : named.filter(({ id }) => handedIn.has(id)), handedIn);
  if (!items.some(({ answer, mistakes }) => answer ?? mistakes))
    throw new BadUsage(`${files.join(', ')} answers none of the exercises asked for.`);
  return items;
}

async function judge(items: [Row, Item[]][], limit: number): Promise<void> {
  const check = await Check.open({
    sandbox: { redis: null, program: await findServerProgram() },
    limit,
    trusted: true,
    telling: { hints: 0, solutions: false },
    worlds: true,
    jobs: 2,
  });
  checks.push(check);
  const owners = items.flatMap(([row, own]) => own.map(() => row));
  for (const [row] of items) outcomes.set(row, { results: [] });
  let index = 0;
  for await (const result of check.results(items.flatMap(([, own]) => own))) {
    const outcome = outcomes.get(owners[index++]!)!;
    if ('results' in outcome) outcome.results.push(result);
  }
}

for (const row of rows) {
  const why = whySkipped(row);
  const title = `${row.files.join(' and ')}: ${row.about}${why ? ` (skipped: ${why})` : ''}`;
  test.skipIf(why !== undefined)(title, () => {
    const outcome = outcomes.get(row)!;
    if ('refused' in outcome) {
      const { message, exitCode } = outcome.refused;
      expect({ refused: message, exit: exitCode }).toEqual({
        refused: containingAll(row.refused ?? ['no refusal']),
        exit: row.exit,
      });
      return;
    }
    const { results } = outcome;
    const wanted = Object.entries(row.results ?? {});
    const told = results.map(({ id, status, message }) => ({ id, status, message }));
    expect(told.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      wanted
        .map(([id, status]) => ({
          id,
          status: expect.stringMatching(new RegExp(`^(${status})$`)),
          message: containingAll(row.words?.[id] ?? []),
        }))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
    expect(exitCodeOf(results)).toBe(row.exit);
  });
}

/** A text in which all of these stand. */
function containingAll(words: string[]) {
  const escaped = words.map((word) => `(?=[^]*${word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')})`);
  return expect.stringMatching(new RegExp(`^${escaped.join('')}`));
}

test('the table has every file of its folder, and words for whatever does not pass', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.answers'));
  const named = rows.flatMap(({ files }) => files).filter((name) => files.includes(name));
  expect(named.sort()).toEqual(files.sort());
  expect(rows.length).toBeGreaterThanOrEqual(200);
  for (const { files, results = {}, words = {}, refused } of rows) {
    const amiss = Object.keys(results).filter((id) => /failed|error/.test(results[id]!));
    expect([files, Object.keys(words).sort()]).toEqual([files, amiss.sort()]);
    expect([files, refused ?? Object.keys(results)]).not.toEqual([files, []]);
  }
});
