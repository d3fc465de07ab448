import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Course, exercisesOf } from '../src/course/course.ts';
import { loadCourse } from '../src/course/load.ts';
import { run } from './setup/run.ts';
import { freshHome, hasTerminal, Terminal } from './setup/terminal.ts';

/** `redis> `, or where an exercise has a server of its own, that or nothing. */
const PROMPT = /(redis|not connected|\.example:\d+)(\[\d+\])?> $/;

describe.skipIf(!hasTerminal)('the built-in course, played to its end with its own solutions', () => {
  const home = freshHome();
  // As short as the folder that learners have.
  const work = join(tmpdir(), 'w');
  let course: Course;
  let terminal: Terminal;
  const left = new Set<string>();

  beforeAll(async () => {
    course = (await loadCourse('lessons')).course!;
    terminal = new Terminal(['learn', '--work', work], { home });
  });
  afterAll(() => terminal?.close());

  test('solves every exercise, and goes from lesson to lesson by a menu', async () => {
    for (const lesson of course.lessons) {
      let saved = false;
      for (const { title, exercise } of lesson.steps) {
        await terminal.until(title);
        const shown = await terminal.until(PROMPT);
        if (exercise) {
          // From the heading to the prompt: what scrolls away is not read.
          expect(shown.split('\n').length, `rows of "${title}"`).toBeLessThanOrEqual(24);
          // What the server at hand can't do is left out, and says so.
          if (shown.includes('be done here')) left.add(exercise.id);
          else if (exercise.module && saved) {
            // One module a lesson is saved; `course test` judges them all.
            left.add(exercise.id);
            terminal.line('.skip');
            continue;
          } else if (exercise.module) {
            saved = true;
            mkdirSync(join(work, lesson.id), { recursive: true });
            writeFileSync(join(work, `${exercise.id}.js`), exercise.module.solutions[0]!.source);
            await terminal.until(`Solved: ${title}`);
            await terminal.until(PROMPT);
          } else {
            for (const line of exercise.solution.lines) terminal.line(line.text);
            await terminal.until(`Solved: ${title}`);
            await terminal.until(PROMPT);
          }
        }
        terminal.line('');
      }
      await terminal.until(`${lesson.title}:`);
      if (lesson === course.lessons.at(-1)) continue;
      await terminal.until('And now?');
      terminal.line('');
    }
    await terminal.until('That was the last lesson.');
    expect(await terminal.exit).toBe(0);
  }, 120_000);

  test('and then progress says that all is solved, but what this server has not', async () => {
    const { stdout } = await run(['progress', '--json'], { home });
    for (const { id } of exercisesOf(course)) expect(stdout).toContain(id);
    expect(stdout).not.toMatch(/"(open|revealed)"/);
    expect(stdout.match(/"skipped"/g)?.length ?? 0).toBe(left.size);
    // None of them but what not every server has.
    const known = exercisesOf(course).filter(
      ({ module, needs, server }) => module || needs.length > 0 || server?.tls,
    );
    expect(known.map(({ id }) => id)).toEqual(expect.arrayContaining([...left]));
  });
});
