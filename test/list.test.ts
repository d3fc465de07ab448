import { appendFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keptText } from '../src/course/kept-course.ts';
import { run } from './setup/run.ts';
import { oneOfEach, TINY } from './setup/solved.ts';
import { freshHome, hasTerminal, Terminal } from './setup/terminal.ts';

describe('list', () => {
  test('shows every exercise of the built-in course to a newcomer', async () => {
    const home = freshHome();
    const { code, stdout, stderr } = await run(['list'], { home });
    expect(stdout).toMatch(/Strings {2}\d+ minutes, 0 of \d+ solved\n {2}· strings\//);
    expect(stdout).toMatch(
      /\n0 of \d+ solved; about (\d hours? )?(\d+ minutes? )?left\.\nGo on with: `rediscover learn [a-z]+\/[\w-]+`\n$/,
    );
    expect([code, stderr]).toEqual([0, '']);
    const json = JSON.parse((await run(['list', '--json'], { home })).stdout);
    const ids = json.lessons.flatMap((lesson: { exercises: { id: string }[] }) =>
      lesson.exercises.map(({ id }) => id),
    );
    for (const id of ids) expect(stdout).toContain(`· ${id} `);
    expect(ids.length).toBeGreaterThanOrEqual(24);
  });

  test('shows what was solved, skipped and revealed, to people and to programs', async () => {
    const home = freshHome();
    await oneOfEach(home);
    const { stdout } = await run(['list', '--course', TINY], { home });
    expect(stdout).toContain('✓ first/visit');
    expect(stdout).toContain('– first/code');
    expect(stdout).toContain('○ first/podium');
    const json = await run(['list', '--course', TINY, '--json'], { home, env: { FORCE_COLOR: '3' } });
    expect(JSON.parse(json.stdout)).toEqual({
      schema: 'rediscover.list/1',
      course: { id: 'tiny', title: 'A tiny course' },
      lessons: [
        {
          id: 'first',
          title: 'First steps',
          guide: '',
          minutes: 3,
          left: { exercises: 2, minutes: 2 },
          commands: ['SET', 'GET', 'ZADD'],
          exercises: [
            { id: 'first/visit', title: 'A value under a name', status: 'solved' },
            { id: 'first/code', title: 'A code that goes away', status: 'skipped' },
            { id: 'first/podium', title: 'Three on a podium', status: 'revealed' },
          ],
        },
      ],
    });
    expect(json.stdout).not.toContain('\x1b');
  });

  test('has colours only where they are wanted', async () => {
    const home = freshHome();
    const listed = async (env: NodeJS.ProcessEnv) => (await run(['list'], { home, env })).stdout;
    expect(await listed({})).not.toContain('\x1b');
    expect(await listed({ FORCE_COLOR: '1' })).toContain('\x1b[');
    expect(await listed({ NO_COLOR: '1' })).not.toContain('\x1b');
  });

  test('gives way to a reader that has seen enough', async () => {
    const { code, stderr } = await run(['list', '--json'], { home: freshHome(), endEarly: true });
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe("somebody's course", () => {
  /** The built program, with a cache of its own, of which the course's title is what it found. */
  async function stage() {
    const home = freshHome();
    const dir = join(home, 'tiny');
    await cp(TINY, dir, { recursive: true });
    const shelf = join(home, 'cache', 'courses');
    return {
      dir,
      shelf,
      async title() {
        const { code, stdout, stderr } = await run(['list', '--course', dir, '--json'], {
          home,
          env: { REDISCOVER_HOME: home },
        });
        expect([code, stderr]).toEqual([0, '']);
        return JSON.parse(stdout).course.title;
      },
    };
  }

  test('is compiled once, and again when a file changes', async () => {
    const { dir, shelf, title } = await stage();
    expect(await title()).toBe('A tiny course');
    const [name] = await readdir(shelf);
    const kept = join(shelf, name!);
    const [head, json] = (await readFile(kept, 'utf8')).split('\n');
    const planted = JSON.parse(json!);
    planted.course.title = 'Planted';
    await writeFile(kept, keptText(planted, { folder: shelf, build: head!.split(' ')[0]! }));
    expect(await title()).toBe('Planted');
    await appendFile(join(dir, 'first.md'), '\nAnd more.\n');
    expect(await title()).toBe('A tiny course');
    await writeFile(kept, 'torn');
    expect(await title()).toBe('A tiny course');
  });

  test('is listed where nothing can be kept', async () => {
    const { shelf, title } = await stage();
    await mkdir(dirname(shelf));
    await writeFile(shelf, '');
    expect(await title()).toBe('A tiny course');
    expect(await title()).toBe('A tiny course');
  });
});

describe.skipIf(!hasTerminal)('list on a terminal', () => {
  const shown = async (options: { columns: number; env?: NodeJS.ProcessEnv }) => {
    const terminal = new Terminal(['list'], { home: freshHome(), ...options });
    expect(await terminal.exit).toBe(0);
    return terminal;
  };

  test('is a table where there is room', async () => {
    const { text } = await shown({ columns: 100 });
    expect(text).toMatch(/^┌─+┬─+.*┐\n│ Lesson/);
  });

  test('passes no edge of a narrow window', async () => {
    const { text } = await shown({ columns: 40 });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
    expect(text).toContain('strings/');
  });

  test('has no colours with NO_COLOR, and draws nothing on a dumb terminal', async () => {
    expect((await shown({ columns: 80 })).raw).toContain('\x1b[');
    expect((await shown({ columns: 80, env: { NO_COLOR: '1' } })).raw).not.toContain('\x1b');
    expect((await shown({ columns: 80, env: { TERM: 'dumb' } })).raw).not.toContain('\x1b');
  });
});
