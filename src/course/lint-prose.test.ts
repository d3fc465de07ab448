import { describe, expect, it } from 'vitest';
import { COURSE, courseFolder, lessonWith, told } from '../../test/setup/course-folder.ts';
import { lintCourse } from './lint.ts';

async function linted(lesson: string): Promise<string[]> {
  const dir = await courseFolder({ 'course.yaml': COURSE, 'first.md': lesson });
  return (await lintCourse(dir)).problems.map(told);
}

/** The text begins at line 9. */
function inLesson(markdown: string): string {
  return lessonWith().replace('**Your turn.**', () => `${markdown}\n\n**Your turn.**`);
}

function html(tag: string, instead: string): string {
  return `error: ${tag} is HTML, which is not drawn on a terminal. -> ${instead}`;
}

describe('lintCourse tells, of prose that is not drawn as it was meant,', () => {
  it.each([
    [
      'a line break of HTML',
      'One<br>two<br/>three',
      [
        `first.md:9:4 ${html('<br>', 'end the line with a backslash or two spaces')}`,
        `first.md:9:11 ${html('<br>', 'end the line with a backslash or two spaces')}`,
      ],
    ],
    [
      'a block of HTML, each tag once',
      '<details>\n<summary>More</summary>\n\nWords.\n\n</details>',
      [
        `first.md:9:1 ${html('<details>', 'leave it out')}`,
        `first.md:10:1 ${html('<summary>', 'leave it out')}`,
      ],
    ],
    [
      'HTML that Markdown has signs for',
      '> a <B>word</B> and <a href="https://redis.io">a link</a>',
      [
        `first.md:9:5 ${html('<B>', 'write **words**')}`,
        `first.md:9:21 ${html('<a>', 'write [words](address)')}`,
      ],
    ],
    ['an end without a beginning', 'one</u>', [`first.md:9:4 ${html('</u>', 'leave it out')}`]],
    [
      'a placeholder that reads as HTML',
      'Connect to <host> now.',
      [`first.md:9:12 ${html('<host>', 'put it between backticks, or write \\< for the sign itself')}`],
    ],
    [
      'HTML without a tag, after a comment',
      '<!-- kept -->\n<!DOCTYPE html>',
      ['first.md:10:1 error: This is HTML, which is not drawn on a terminal. -> leave it out'],
    ],
    [
      'a picture and a link by references to nothing',
      'See ![the map][map], ![chart], [words][lable] and [words][].\n\n[label]: https://redis.io',
      [
        'first.md:9:5 error: Nothing defines [map]. -> add a line "[map]: ...", or write \\[ for the sign itself',
        'first.md:9:22 error: Nothing defines [chart]. -> add a line "[chart]: ...", or write \\[ for the sign itself',
        'first.md:9:32 error: Nothing defines [lable]. -> did you mean "label"?',
        'first.md:9:51 error: Nothing defines [words]. -> add a line "[words]: ...", or write \\[ for the sign itself',
      ],
    ],
    [
      'references in a table, in a heading and over two lines',
      '### On [a][b]\n\n| x[^y] |\n|---|\n| ![p][q] |\n\nThe [long\nwords][w]',
      ['first.md:9:8 [b]', 'first.md:11:4 [^y]', 'first.md:13:3 [q]', 'first.md:15:5 [w]'].map((each) => {
        const [at, label] = each.split(' ');
        return `${at} error: Nothing defines ${label}. -> add a line "${label}: ...", or write \\[ for the sign itself`;
      }),
    ],
    [
      'a footnote that there is not, and one that nobody sees',
      'A word[^1].\n\n[^2]: Never met.',
      [
        'first.md:9:7 error: Nothing defines [^1]. -> did you mean "^2"?',
        'first.md:11:1 warning: Nothing refers to the footnote [^2], so it is not shown. -> refer to it, or take it out',
      ],
    ],
    [
      'what is defined twice',
      '[Words][Home] and[^n]\n\n[home]: https://redis.io\n[HOME]: https://valkey.io\n\n[^n]: One.\n\n[^n]: Two.',
      [
        'first.md:12:1 warning: [HOME] is defined above; this is not shown. -> keep one of them, or give it another name',
        'first.md:16:1 warning: [^n] is defined above; this is not shown. -> keep one of them, or give it another name',
      ],
    ],
    [
      'a table that is none',
      '| key | value | ttl |\n|---|---|\n| a | 1 | 5 |\n\n> text\n>\n> one\n> two | three\n> :-- | --- | --',
      ['first.md:10:1', 'first.md:17:3'].map(
        (at) =>
          `${at} error: The table with this line is none, and reads as a paragraph. -> put its head right above, with as many cells as there are dashes here, and an empty line before`,
      ),
    ],
  ])('%s', async (_, markdown, expected) => {
    expect(await linted(inLesson(markdown))).toEqual(expected);
  });

  it('HTML and references in hints, which stand in YAML', async () => {
    const hints = `hints:
  - plain<br>text
  - "quoted ![a][b]"
  - "un\\u0065scaped [^1]"`;
    expect(await linted(lessonWith(hints))).toEqual([
      `first.md:12:10 ${html('<br>', 'end the line with a backslash or two spaces')}`,
      'first.md:13:13 error: Nothing defines [b]. -> add a line "[b]: ...", or write \\[ for the sign itself',
      'first.md:14:5 error: Nothing defines [^1]. -> add a line "[^1]: ...", or write \\[ for the sign itself',
    ]);
  });

  it.each([
    ['HTML in code', '`<br>` and ``<p>``\n\n```html\n<p>\n```\n\n    <hr>'],
    ['comments', '<!-- a <b> note -->\n\ntext <!-- inside --> goes on\n\n- <!-- in a list -->'],
    ['addresses between angle brackets', '<https://redis.io> and <mail@example.org>'],
    ['signs that compare, and escapes', 'a < b > c, <3, \\<br>, &lt;br&gt;'],
    [
      'references that are defined',
      'A [b][c], [C][], [c], ![p][c][^1].\n\n[c]: https://redis.io\n[^1]: Note.',
    ],
    [
      'brackets in code and escaped',
      '`[a][b]`, `h[^e]llo`, \\[a][b], [a\\][b], ![`x`][c]\n\n[c]: https://redis.io',
    ],
    ['brackets that are words', 'LPUSH key element [element ...], rows[0][1], [ ] and [ ][ ], Wow! [sic]'],
    ['tasks', '- [ ] to do\n- [x] done'],
    ['a comment by a definition', '[//]: # (a note)\n[note]: <> (another)'],
    ['tables', 'a | b\n--|--\n1 | 2\n\n| one |\n|-----|\n| 1 |\n\nA pipe | in words\n\n---'],
    ['a heading by dashes', 'Words\n---'],
  ])('nothing of %s', async (_, markdown) => {
    expect((await linted(inLesson(markdown))).filter((line) => !line.includes('is empty'))).toEqual([]);
  });
});
