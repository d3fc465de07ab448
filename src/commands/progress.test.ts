import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { smallCourse } from '../../test/setup/small-course.ts';
import { openProgress, type Progress } from '../engine/progress.ts';
import { drawProgress, progressAsData, resetProgress } from './progress.ts';

const folder = mkdtempSync(join(tmpdir(), 'rediscover-progress-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const course = smallCourse({ strings: ['a', 'b', 'c'], keys: ['d'] });
let file: string;
let progress: Progress;

beforeEach(async () => {
  file = join(mkdtempSync(join(folder, 'one-')), 'progress.json');
  progress = await openProgress(course, { file });
  await progress.solve('strings/a', { hints: 1, tries: 2, language: 'python' });
  await progress.skip('strings/b');
});

describe('progress', () => {
  it('draws a bar for each lesson', () => {
    expect(drawProgress(course, progress, { columns: 60 })).toBe(`\
Strings  ██████░░░░░░░░░░░░░  1 of 3 solved, 1 skipped
Keys     ░░░░░░░░░░░░░░░░░░░  0 of 1 solved

1 of 4 solved. Go on with: \`rediscover learn strings/b\`
`);
  });

  it('leaves the bars out of a narrow window', () => {
    expect(drawProgress(course, progress, { columns: 40 })).toBe(`\
Strings  1 of 3 solved, 1 skipped
Keys     0 of 1 solved

1 of 4 solved. Go on with:
\`rediscover learn strings/b\`
`);
  });

  it('says when all is done', async () => {
    for (const id of ['strings/b', 'strings/c', 'keys/d']) await progress.solve(id);
    expect(drawProgress(course, progress, { columns: 60 })).toMatch(/All 4 solved\.\n$/);
  });

  it('has the same as data', () => {
    const data = progressAsData(course, progress);
    expect(data).toMatchObject({ schema: 'rediscover.progress/1', solved: 1, total: 4, next: 'strings/b' });
    expect(data.lessons[0]?.exercises).toMatchObject([
      { id: 'strings/a', status: 'solved', attempts: 2, hints: 1, language: 'python' },
      { id: 'strings/b', status: 'skipped' },
      { id: 'strings/c', status: 'open' },
    ]);
  });
});

describe('progress reset', () => {
  const asked: string[] = [];
  const answering = (yes: boolean) => async (question: string) => {
    asked.push(question);
    return yes;
  };
  beforeEach(() => asked.splice(0));

  it('forgets one lesson once the user agrees', async () => {
    await progress.solve('keys/d');
    expect(await resetProgress(course, progress, 'strings', answering(true))).toBe(
      'Forgotten: 2 exercises of Strings.',
    );
    expect(asked).toEqual(['Forget your progress in 2 exercises of Strings?']);
    const later = await openProgress(course, { file });
    expect([later.statusOf('strings/a'), later.statusOf('keys/d')]).toEqual(['none', 'solved']);
  });

  it('changes nothing when the user does not', async () => {
    expect(await resetProgress(course, progress, undefined, answering(false))).toBe('Nothing was changed.');
    expect((await openProgress(course, { file })).statusOf('strings/a')).toBe('solved');
  });

  it('refuses where nobody can be asked, and says what to do', async () => {
    await expect(resetProgress(course, progress, undefined, undefined)).rejects.toMatchObject({
      exitCode: 2,
      next: expect.stringContaining('--yes'),
    });
    expect(progress.statusOf('strings/a')).toBe('solved');
  });

  it('does not ask when there is nothing to forget', async () => {
    expect(await resetProgress(course, progress, 'keys', undefined)).toBe(
      'There is no progress in Keys yet.',
    );
  });

  it('suggests the lesson that was meant', async () => {
    await expect(resetProgress(course, progress, 'strngs', answering(true))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('strings'),
    });
    await expect(resetProgress(course, progress, 'strings/a', answering(true))).rejects.toMatchObject({
      exitCode: 2,
      next: 'For the whole lesson: rediscover progress reset strings',
    });
    expect(asked).toEqual([]);
  });

  it('fails aloud when the file can’t be changed', async () => {
    rmSync(file);
    mkdirSync(file);
    await expect(resetProgress(course, progress, undefined, answering(true))).rejects.toMatchObject({
      exitCode: 1,
    });
  });
});
