import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Course, exercisesOf } from '../src/course/course.ts';
import { loadCourse } from '../src/course/load.ts';
import { run } from './setup/run.ts';
import { freshHome, hasTerminal, Terminal } from './setup/terminal.ts';

describe.skipIf(!hasTerminal)('the built-in course, played to its end with its own solutions', () => {
  const home = freshHome();
  let course: Course;
  let terminal: Terminal;

  beforeAll(async () => {
    course = (await loadCourse('lessons')).course!;
    terminal = new Terminal([], { home });
  });
  afterAll(() => terminal?.close());

  test('solves every exercise, and goes from lesson to lesson by a menu', async () => {
    for (const lesson of course.lessons) {
      for (const { title, exercise } of lesson.steps) {
        await terminal.until(title);
        if (exercise) {
          const shown = await terminal.until('redis>');
          // From the heading to the prompt: what scrolls away is not read.
          expect(shown.split('\n').length, `rows of "${title}"`).toBeLessThanOrEqual(24);
          for (const line of exercise.solution.lines) terminal.line(line.text);
          await terminal.until(`Solved: ${title}`);
        }
        await terminal.until('redis>');
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

  test('and then progress says that all is solved', async () => {
    const { stdout } = await run(['progress', '--json'], { home });
    for (const { id } of exercisesOf(course)) expect(stdout).toContain(id);
    expect(stdout).not.toMatch(/"(open|skipped|revealed)"/);
  });
});
