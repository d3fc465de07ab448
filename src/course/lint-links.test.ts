import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COURSE, courseFolder, FRONT, lessonWith, told } from '../../test/setup/course-folder.ts';
import { lintCourse } from './lint.ts';

const TWO = COURSE.replace('[first]', '[first, second]');
const SECOND = `${FRONT}
# First

## What it's for: \`SET\` & *more*

See the [first](first.md).

## Ключи

## Twice, once

### Twice once
`;

/** What lint says of a lesson with this text, from its line 9 on, beside another lesson and a picture in a folder. */
async function linted(markdown: string, hint = 'two'): Promise<string[]> {
  const lesson = lessonWith(`hints: [one, ${hint}, three]`);
  const dir = await courseFolder({
    'course.yaml': TWO,
    'first.md': lesson.replace('**Your turn.**', () => `${markdown}\n\n**Your turn.**`),
    'second.md': SECOND,
  });
  await mkdir(join(dir, 'pictures'));
  await writeFile(join(dir, 'pictures', 'a map.png'), '');
  const { problems } = await lintCourse(dir);
  return problems.filter(({ severity }) => severity === 'error').map(told);
}

describe('lintCourse tells, of links,', () => {
  it.each([
    [
      'a file that is not there, with the one that is meant',
      'See [the next](secnod.md), and ![a map](pictures/map.png "Title").',
      [
        'first.md:9:5 error: There is no file "secnod.md" in the course\'s folder. -> did you mean "second.md"?',
        'first.md:9:32 error: There is no file "pictures/map.png" in the course\'s folder. -> did you mean "pictures/a map.png"?',
      ],
    ],
    [
      'a file that is like no other',
      '[x](nowhere-at-all.html)',
      ['first.md:9:1 error: There is no file "nowhere-at-all.html" in the course\'s folder.'],
    ],
    [
      'a definition, where it stands',
      'See [x][y].\n\n[y]: secondd.md',
      [
        'first.md:11:1 error: There is no file "secondd.md" in the course\'s folder. -> did you mean "second.md"?',
      ],
    ],
    [
      'a heading that the lesson has not',
      '[up](#a-value-under-name)',
      [
        'first.md:9:1 error: This lesson has no heading "#a-value-under-name". -> did you mean "#a-value-under-a-name"?',
      ],
    ],
    [
      'a heading that another lesson has not',
      '- [x](second.md#twice-one)\n- [y](second.md#twice-once-2)\n- [z](./second.md?plain=1#zzz)',
      [
        'first.md:9:3 error: second.md has no heading "#twice-one". -> did you mean "#twice-once"?',
        'first.md:10:3 error: second.md has no heading "#twice-once-2". -> did you mean "#twice-once-1"?',
        'first.md:11:3 error: second.md has no heading "#zzz".',
      ],
    ],
    [
      'what leads out of the folder',
      '[x](../README.md) [y](/etc/hosts)',
      ['../README.md', '/etc/hosts'].map(
        (url, index) =>
          `first.md:9:${index * 18 + 1} error: "${url}" leads outside the course's folder. -> put the file into it, or give an address on the web`,
      ),
    ],
    [
      'an empty one',
      '[x]()',
      ['first.md:9:1 error: This link leads nowhere. -> put an address between the brackets'],
    ],
  ])('%s', async (_, markdown, expected) => {
    expect(await linted(markdown)).toEqual(expected);
  });

  it('a file in a hint', async () => {
    expect(await linted('Text.', '"see [x](secon.md)"')).toEqual([
      'first.md:13:19 error: There is no file "secon.md" in the course\'s folder. -> did you mean "second.md"?',
    ]);
  });

  it.each([
    [
      'the web and of mail',
      '[a](https://redis.io/x#y), [b](//redis.io), <https://a.b>, [c](mailto:a@b.c), [d](redis://h)',
    ],
    [
      'files that are there',
      '[a](second.md), [b](./second.md), ![c](pictures/a%20map.png), ![d](<pictures/a map.png>), [e](pictures/)',
    ],
    ['headings that are there', '[a](#a-value-under-a-name), [b](#), [c](second.md#first)'],
    [
      'headings of signs and code',
      '[a](second.md#what-its-for-set--more), [b](second.md#%D0%BA%D0%BB%D1%8E%D1%87%D0%B8), [c](second.md#ключи)',
    ],
    ['headings that stand twice', '[a](second.md#twice-once), [b](second.md#twice-once-1)'],
    ['parts of files that are no lessons', '[a](course.yaml#L3)'],
    ['code', '`[a](nowhere.md)`\n\n```md\n[a](nowhere.md)\n```'],
  ])('nothing of %s', async (_, markdown) => {
    expect(await linted(markdown)).toEqual([]);
  });
});
