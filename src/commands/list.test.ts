import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { smallCourse } from '../../test/setup/small-course.ts';
import { openProgress } from '../engine/progress.ts';
import { drawList, listAsData } from './list.ts';

const folder = mkdtempSync(join(tmpdir(), 'rediscover-list-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const course = smallCourse({ strings: ['first', 'session-ttl'], keys: ['gone'] });
const progress = await openProgress(course, { file: join(folder, 'progress.json') });
vi.stubEnv('NO_COLOR', '1');
await progress.solve('strings/first', { language: 'typescript' });
await progress.visit('strings/first');
await progress.reveal('strings/session-ttl');

describe('list', () => {
  it('is a table on a terminal where there is room', async () => {
    expect(await drawList(course, progress, { isTTY: true, columns: 80 })).toBe(`\
┌────────────────┬──────────────────────────────────────────┐
│ Lesson         │ Exercise                                 │
├────────────────┼──────────────────────────────────────────┤
│ Strings        │ ✓ strings/first        About first       │
│ 12 minutes     │ ○ strings/session-ttl  About session-ttl │
│ 1 of 2 solved  │                                          │
│ 6 minutes left │                                          │
├────────────────┼──────────────────────────────────────────┤
│ Keys           │ · keys/gone            About gone        │
│ 12 minutes     │                                          │
│ 0 of 1 solved  │                                          │
└────────────────┴──────────────────────────────────────────┘
✓ solved, ○ revealed, – skipped, · open
1 of 3 solved; about 18 minutes left.
Go on with: \`rediscover learn strings/session-ttl\`
`);
  });

  it('is lines where there is not', async () => {
    expect(await drawList(course, progress, { isTTY: true, columns: 40 })).toBe(`\
Strings  12 minutes, 1 of 2 solved, 6 m…
  ✓ strings/first  About first
  ○ strings/session-ttl  About session-…

Keys  12 minutes, 0 of 1 solved
  · keys/gone  About gone
✓ solved, ○ revealed, – skipped, · open
1 of 3 solved; about 18 minutes left.
Go on with:
\`rediscover learn strings/session-ttl\`
`);
  });

  it('is lines where there is no terminal', async () => {
    expect(await drawList(course, progress, { columns: 80 })).toMatch(/^Strings {2}12 minutes/);
  });

  it('never passes the width', async () => {
    const wide = smallCourse({
      'lessons-with-a-long-name': ['an-exercise-with-a-very-long-name-indeed', '日本語'],
    });
    for (const columns of [20, 30, 57, 58, 61, 80, 120]) {
      const lines = (await drawList(wide, progress, { isTTY: true, columns })).split('\n');
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('lets no escape code through', async () => {
    const evil = smallCourse({ 'a\x1b[2J': ['b\x9b\x07'] });
    for (const columns of [30, 80]) {
      expect(await drawList(evil, progress, { columns })).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    }
  });

  it('has the same as data', () => {
    expect(listAsData(course, progress)).toMatchObject({
      schema: 'rediscover.list/1',
      course: { id: 'small' },
      lessons: [
        {
          id: 'strings',
          minutes: 12,
          commands: ['SET'],
          exercises: [
            { id: 'strings/first', title: 'About first', status: 'solved', language: 'typescript' },
            { id: 'strings/session-ttl', status: 'revealed' },
          ],
        },
        { id: 'keys', exercises: [{ id: 'keys/gone', status: 'open' }] },
      ],
    });
  });
});
