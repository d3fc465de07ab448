import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { COURSE, courseFolder, lessonWith, told } from '../../test/setup/course-folder.ts';
import { keptText, loadKeptCourse, type Shelf } from './kept-course.ts';
import * as lesson from './lesson.ts';
import { loadCourse } from './load.ts';

const TWO = COURSE.replace('[first]', '[first, second]').replace('visit]', 'visit, second/visit]');

/** A course of two lessons, a shelf, and how often lessons are read. */
async function stage(files: Record<string, string> = {}) {
  const dir = await courseFolder({
    'course.yaml': TWO,
    'first.md': lessonWith(),
    'second.md': lessonWith(),
    ...files,
  });
  const shelf: Shelf = { folder: join(await courseFolder({}), 'cache', 'courses'), build: 'b1' };
  const parse = vi.spyOn(lesson, 'readLesson');
  const load = vi.fn(loadCourse);
  return {
    dir,
    shelf,
    load,
    /** The lessons that were read anew for this. */
    async open(options: Partial<Shelf> = {}) {
      parse.mockClear();
      const loaded = await loadKeptCourse(dir, { ...shelf, ...options }, load);
      return { ...loaded, read: parse.mock.calls.map(([id]) => id) };
    },
    async keptFile() {
      const [name, ...others] = await readdir(shelf.folder);
      expect(others).toEqual([]);
      return join(shelf.folder, name!);
    },
  };
}

test('a course that has not changed is not read again, and is the same', async () => {
  const { dir, open, load } = await stage({
    'second.md': lessonWith('checks:\n  - reply: "nil"\n    to: GET a'),
  });
  const first = await open();
  expect(first.read).toEqual(['first', 'second']);
  expect(first.problems.map(told)).toEqual([
    'second.md:12:12 warning: This is the text "nil". -> nil is written null',
  ]);
  expect(await open()).toEqual({ ...first, read: [] });
  expect(load).toHaveBeenCalledTimes(1);
  expect(first).toEqual({ ...(await loadCourse(dir)), read: first.read });
});

test.each([
  ['a lesson', 'second.md', (text: string) => text.replace('A value', 'A word'), ['second']],
  ['course.yaml', 'course.yaml', (text: string) => text.replace('A sample', 'A simple'), []],
])('an edit of %s is seen at once, also where its size and times stay', async (_, file, edit, read) => {
  const { dir, open } = await stage();
  await open();
  const path = join(dir, file);
  const { atime, mtime } = await stat(path);
  await writeFile(path, edit(await readFile(path, 'utf8')));
  await utimes(path, atime, mtime);
  const again = await open();
  expect(again.read).toEqual(read);
  expect(again).toMatchObject(await loadCourse(dir));
  expect((await open()).read).toEqual([]);
});

test('a lesson that is added, moved or gone is seen', async () => {
  const { dir, open } = await stage();
  await open();
  await writeFile(join(dir, 'course.yaml'), TWO.replace('[first, second]', '[second, third]'));
  await writeFile(join(dir, 'third.md'), lessonWith());
  const again = await open();
  expect(again.read).toEqual(['third']);
  expect(again.course?.lessons.map(({ id }) => id)).toEqual(['second', 'third']);
  await rm(join(dir, 'second.md'));
  expect((await open()).problems.map(({ message }) => message)).toEqual([
    'The lesson "second" has no file second.md.',
  ]);
});

test('mistakes are told the same every time', async () => {
  const { open } = await stage({ 'first.md': lessonWith('hint: x') });
  const first = await open();
  expect(first.course).toBeUndefined();
  expect(first.problems.map(told)).toEqual([
    'first.md:11:1 error: This exercise knows no field "hint". -> did you mean "hints"?',
  ]);
  expect(await open()).toEqual(first);
});

test('another build reads anew', async () => {
  const { open } = await stage();
  await open();
  expect((await open({ build: 'b2' })).read).toEqual(['first', 'second']);
  expect((await open({ build: 'b2' })).read).toEqual([]);
});

test('what is kept is believed, and nothing else', async () => {
  const { open, keptFile, shelf } = await stage();
  const { read, ...kept } = await open();
  const path = await keptFile();
  const text = await readFile(path, 'utf8');
  const planted = { ...kept, course: { ...kept.course!, title: 'Planted' } };
  const titleWith = async (content: string) => {
    await writeFile(path, content);
    return (await open()).course?.title;
  };
  expect(await titleWith(keptText(planted, shelf))).toBe('Planted');
  // Torn at any place, changed, empty, of somebody else: as if there was nothing.
  for (const size of [0, 1, 40, 67, 68, text.length >> 1, text.length - 1])
    expect(await titleWith(text.slice(0, size))).toBe('A sample');
  for (const content of [
    text.replace('A sample', 'Planted '),
    `${text} `,
    '{}',
    'null',
    '\n',
    JSON.stringify(planted),
  ])
    expect(await titleWith(content)).toBe('A sample');
  expect(await titleWith(keptText(planted, shelf))).toBe('Planted');
});

test.skipIf(process.platform === 'win32')(
  'what others may write is not believed, and is replaced',
  async () => {
    const { open, keptFile, shelf } = await stage();
    const { read, ...kept } = await open();
    const path = await keptFile();
    const plant = () =>
      writeFile(path, keptText({ ...kept, course: { ...kept.course!, title: 'Planted' } }, shelf));
    for (const mode of [0o620, 0o602]) {
      await plant();
      await chmod(path, mode);
      expect((await open()).course?.title).toBe('A sample');
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }
    expect((await stat(shelf.folder)).mode & 0o777).toBe(0o700);
    if (process.getuid?.() !== 0) return;
    await plant();
    await chown(path, 12345, 0);
    expect((await open()).course?.title).toBe('A sample');
  },
);

test('where nothing can be kept, the course is read every time, without a word', async () => {
  const { open, shelf } = await stage();
  await mkdir(join(shelf.folder, '..'));
  await writeFile(shelf.folder, 'a file stands where the folder should');
  expect((await open()).read).toEqual(['first', 'second']);
  expect((await open()).read).toEqual(['first', 'second']);
  // Not even a rename works there.
  await rm(shelf.folder);
  await symlink('nowhere/at/all', shelf.folder);
  expect((await open()).course?.title).toBe('A sample');
});

test('the oldest courses go, and what was never finished', async () => {
  const { open, shelf } = await stage();
  await mkdir(shelf.folder, { recursive: true });
  for (let n = 0; n < 30; n++) {
    const path = join(shelf.folder, `${n}.course${n % 3 === 0 ? '.4711' : ''}`);
    await writeFile(path, '');
    await utimes(path, n, n);
  }
  await open();
  const left = await readdir(shelf.folder);
  expect(left).toHaveLength(20);
  expect(left).not.toContain('10.course');
  expect(left).toContain('11.course');
  expect((await open()).read).toEqual([]);
});

test('the oldest go where a few take too much room', async () => {
  const { open, shelf } = await stage();
  await mkdir(shelf.folder, { recursive: true });
  for (let n = 0; n < 4; n++) {
    const path = join(shelf.folder, `${n}.course`);
    await writeFile(path, '');
    await truncate(path, 30 * 1024 * 1024);
    await utimes(path, n, n);
  }
  await open();
  expect((await readdir(shelf.folder)).filter((name) => name.length < 10)).toEqual(['2.course', '3.course']);
  expect((await open()).read).toEqual([]);
});
