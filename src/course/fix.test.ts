import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { courseFolder, lessonWith } from '../../test/setup/course-folder.ts';
import { fixCourse } from './fix.ts';
import { lintCourse } from './lint.ts';

const HEAD = `# Our course.
id: sample   # never changes
title: A sample

floor: "6.2"
lessons: [first, second]
`;

async function fixed(course: string): Promise<{ added: string[]; text: string; dir: string }> {
  const dir = await courseFolder({
    'course.yaml': course,
    'first.md':
      lessonWith() +
      lessonWith('id: later')
        .replace(/^---[\s\S]*?\n---\n/, '')
        .replace('## A', '## Another'),
    'second.md': lessonWith(),
  });
  const added = await fixCourse(dir);
  return { added, text: await readFile(join(dir, 'course.yaml'), 'utf8'), dir };
}

describe('fixCourse', () => {
  it('lists new exercises where the lessons have them, and keeps every comment', async () => {
    const { added, text, dir } = await fixed(
      `${HEAD}\n# Published.\nexercises:\n  - first/visit # the first\n  # about the second\n  - second/visit\n`,
    );
    expect(added).toEqual(['first/later']);
    expect(text).toBe(
      `${HEAD}\n# Published.\nexercises:\n  - first/visit # the first\n  - first/later\n  # about the second\n  - second/visit\n`,
    );
    expect((await lintCourse(dir)).problems).toEqual([]);
    expect(await fixCourse(dir)).toEqual([]);
  });

  it('leaves what follows the list as it is', async () => {
    const { text } = await fixed(
      `${HEAD}exercises:\n- first/visit\n- second/visit\n\n# Gone.\nretired:   {first/x:   null}   # sigh\n`,
    );
    expect(text).toBe(
      `${HEAD}exercises:\n- first/visit\n- first/later\n- second/visit\n\n# Gone.\nretired:   {first/x:   null}   # sigh\n`,
    );
  });

  it('makes the list where there is none', async () => {
    const { text, dir } = await fixed(HEAD);
    expect(text).toBe(`${HEAD}exercises:\n  - first/visit\n  - first/later\n  - second/visit\n`);
    expect((await lintCourse(dir)).problems).toEqual([]);
  });

  it('keeps a list in brackets, and line ends of CRLF', async () => {
    const { text } = await fixed(`${HEAD}exercises: [second/visit]\n`.replaceAll('\n', '\r\n'));
    expect(text).toBe(
      `${HEAD}exercises: [first/visit, first/later, second/visit]\n`.replaceAll('\n', '\r\n'),
    );
  });

  it('leaves an id that is gone to the author', async () => {
    const { added, text } = await fixed(`${HEAD}exercises: [first/visit, first/gone]\n`);
    expect(added).toEqual(['first/later', 'second/visit']);
    expect(text).toContain('first/gone');
  });

  it('touches nothing where course.yaml or an id is broken', async () => {
    const dir = await courseFolder({ 'course.yaml': 'id: [', 'first.md': lessonWith() });
    expect(await fixCourse(dir)).toEqual([]);
    expect(await readFile(join(dir, 'course.yaml'), 'utf8')).toBe('id: [');
    await writeFile(join(dir, 'course.yaml'), 'lessons: [first]\nexercises: []\n');
    await writeFile(join(dir, 'first.md'), lessonWith('id: "No name"'));
    expect(await fixCourse(dir)).toEqual([]);
  });
});
