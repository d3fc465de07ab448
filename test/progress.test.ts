import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from './setup/run.ts';
import { oneOfEach, solvedIn, TINY } from './setup/solved.ts';
import { freshHome, hasTerminal, Terminal } from './setup/terminal.ts';

async function experienced(): Promise<string> {
  const home = freshHome();
  await oneOfEach(home);
  return home;
}

const progress = (home: string, ...words: string[]) =>
  run(['progress', ...words, '--course', TINY], { home });

describe('progress', () => {
  test('tells a newcomer where to begin', async () => {
    const { code, stdout, stderr } = await run(['progress'], { home: freshHome() });
    expect(stdout).toMatch(/0 of \d+ solved\. Go on with: `rediscover learn connecting\/[\w-]+`\n$/);
    expect([code, stderr]).toEqual([0, '']);
  });

  test('counts by lesson, to people and to programs', async () => {
    const home = await experienced();
    const { stdout } = await progress(home);
    expect(stdout).toMatch(/First steps .*1 of 3 solved, 1 revealed, 1 skipped\n/);
    const json = JSON.parse((await progress(home, '--json')).stdout);
    expect(json).toMatchObject({
      schema: 'rediscover.progress/1',
      course: { id: 'tiny' },
      solved: 1,
      total: 3,
      lessons: [{ id: 'first', solved: 1, total: 3 }],
    });
    expect(json.lessons[0].exercises.map(({ status }: { status: string }) => status)).toEqual([
      'solved',
      'skipped',
      'revealed',
    ]);
  });

  test('that is damaged is set aside, with a message, and never lost', async () => {
    const home = freshHome();
    const folder = join(home, 'rediscover');
    mkdirSync(folder);
    writeFileSync(join(folder, 'progress.json'), '{"half": ');
    const { code, stdout, stderr } = await progress(home, 'reset', '--yes');
    expect(stderr).toContain('progress.json');
    expect([code, stdout]).toEqual([0, '']);
    const kept = readdirSync(folder).find((file) => readFileSync(join(folder, file), 'utf8') === '{"half": ');
    expect(kept).toMatch(/^progress/);
  });
});

describe('progress reset', () => {
  test('does not forget unasked: without a terminal it ends with 2 and says how', async () => {
    const home = await experienced();
    const { code, stdout, stderr } = await progress(home, 'reset');
    expect(stderr).toBe(
      'There is no terminal to ask on.\nTo forget progress without being asked, add --yes.\n',
    );
    expect([code, stdout, await solvedIn(home)]).toEqual([2, '', 1]);
  });

  test('with --yes forgets, and says what', async () => {
    const home = await experienced();
    const { code, stdout, stderr } = await progress(home, 'reset', '--yes');
    expect(stderr).toBe('Forgotten: 3 exercises of A tiny course.\n');
    expect([code, stdout, await solvedIn(home)]).toEqual([0, '', 0]);
  });

  test('forgets one lesson, and knows no other', async () => {
    const home = await experienced();
    const wrong = await progress(home, 'reset', 'frist', '--yes');
    expect(wrong.stderr).toContain('There is no lesson or exercise "frist"; did you mean "first"?');
    expect([wrong.code, await solvedIn(home)]).toEqual([2, 1]);
    const one = await progress(home, 'reset', 'first/visit', '--yes');
    expect(one.stderr).toContain('rediscover progress reset first\n');
    expect([one.code, await solvedIn(home)]).toEqual([2, 1]);
    expect((await progress(home, 'reset', 'first', '--yes')).code).toBe(0);
    expect(await solvedIn(home)).toBe(0);
  });

  test.skipIf(!hasTerminal)('asks on a terminal, and takes Enter, Ctrl-C and Ctrl-D for no', async () => {
    const home = await experienced();
    const asked = async (keys: string) => {
      const terminal = new Terminal(['progress', 'reset', '--course', TINY], { home });
      await terminal.until('Forget your progress in 3 exercises of A tiny course?');
      terminal.type(keys);
      return { code: await terminal.exit, text: terminal.text };
    };
    expect(await asked('\r')).toMatchObject({
      code: 0,
      text: expect.stringContaining('Nothing was changed.'),
    });
    expect(await asked('\x03')).toMatchObject({ code: 130 });
    expect(await asked('\x04')).toMatchObject({ code: 130 });
    expect(await solvedIn(home)).toBe(1);
    expect(await asked('y\r')).toMatchObject({
      code: 0,
      text: expect.stringContaining('Forgotten: 3 exercises'),
    });
    expect(await solvedIn(home)).toBe(0);
  });

  test('makes no file where there was nothing', async () => {
    const home = freshHome();
    expect((await progress(home, 'reset', '--yes')).stderr).toContain('There is no progress');
    expect(existsSync(join(home, 'rediscover', 'progress.json'))).toBe(false);
  });
});
