import { describe, expect, it } from 'vitest';
import { COURSE, courseFolder, lessonWith, told } from '../../test/setup/course-folder.ts';
import { lintCourse } from './lint.ts';

async function linted(lesson: string, course = COURSE): Promise<string[]> {
  const dir = await courseFolder({ 'course.yaml': course, 'first.md': lesson });
  return (await lintCourse(dir)).problems.filter(({ severity }) => severity === 'error').map(told);
}

/** The text begins at line 9. */
function inLesson(markdown: string): string {
  return lessonWith().replace('**Your turn.**', () => `${markdown}\n\n**Your turn.**`);
}

const ZERO_WIDTH = 'error: There is a zero-width space here (U+200B), which nobody sees. -> delete it';
const NO_BREAK =
  'error: There is a no-break space here (U+00A0), which looks like an ordinary space. -> type an ordinary one';

describe('lintCourse tells, of characters that nobody sees,', () => {
  it.each([
    ['one in prose', 'some\u200bwhere', [`first.md:9:5 ${ZERO_WIDTH}`]],
    [
      'a byte order mark in the middle',
      'one\n\ufefftwo',
      ['first.md:10:1 error: There is a byte order mark here (U+FEFF), which nobody sees. -> delete it'],
    ],
    [
      'marks of direction, a hyphen, a joiner of nothing',
      'a\u200eb a\u00adb 1\u200d2',
      [
        'first.md:9:2 error: There is a left-to-right mark here (U+200E), which nobody sees. -> delete it',
        'first.md:9:6 error: There is a soft hyphen here (U+00AD), which nobody sees. -> delete it',
        'first.md:9:10 error: There is a zero-width joiner here (U+200D), which nobody sees. -> delete it',
      ],
    ],
    [
      'a whole hidden text as one',
      'word\u{e0068}\u{e0069} word',
      ['first.md:9:5 error: There is an invisible character here (U+E0068), which nobody sees. -> delete it'],
    ],
    [
      'a no-break space in a demo, and how it is written there',
      '```redis demo\nSET a\u00a0b\nSET a "b\u200bc"\n```',
      [
        `first.md:10:6 ${NO_BREAK}, or write "\\xc2\\xa0" where it is meant`,
        `first.md:11:9 ${ZERO_WIDTH}, or write "\\xe2\\x80\\x8b" where it is meant`,
      ],
    ],
    [
      'a no-break space in code',
      'Type `SET\u00a0a b`.\n\n```js\nlet\u00a0x\n```',
      [`first.md:9:10 ${NO_BREAK}`, `first.md:12:4 ${NO_BREAK}`],
    ],
  ])('%s', async (_, markdown, expected) => {
    expect(await linted(inLesson(markdown))).toEqual(expected);
  });

  it.each([
    [
      'one in a value',
      'checks:\n  - key: visitor:8\n    string: "Bo\u200b"',
      [`first.md:13:16 ${ZERO_WIDTH}, or write "\\u200b" where it is meant`],
    ],
    [
      'a no-break space in a value and in a command',
      'given: [SET cart:9 "2\u00a0apples"]\nsolution: |\n  SET a b\n  SET visitor:8\u2003Bo',
      [
        `first.md:11:22 ${NO_BREAK}, or write "\\u00a0" where it is meant`,
        'first.md:14:16 error: There is a wide space here (U+2003), which looks like an ordinary space. -> type an ordinary one, or write "\\u2003" where it is meant',
      ],
    ],
    ['one in a hint', 'hints: [one, t\u200bwo, three]', [`first.md:11:15 ${ZERO_WIDTH}`]],
  ])('%s of an exercise', async (_, yaml, expected) => {
    expect(await linted(lessonWith(yaml))).toEqual(expected);
  });

  it('one in course.yaml', async () => {
    expect(await linted(lessonWith(), COURSE.replace('A sample', 'A sam\u200bple'))).toEqual([
      `course.yaml:2:13 ${ZERO_WIDTH}`,
    ]);
  });

  it.each([
    [
      'emojis: joined, of a colour, with a look, of a key',
      '👨\u200d👩\u200d👧 🤦🏽\u200d♂\ufe0f ❤\ufe0f ✔\ufe0e 1\ufe0f\u20e3',
    ],
    ['Persian and Hindi words with their joiners', 'می\u200cخواهم क्\u200dष'],
    ['a no-break space in prose', '10\u00a0000 keys, 5\u202fs,\u3000全角'],
    ['spaces that are written as such', 'a&nbsp;b &#8203; `\\u200b`'],
  ])('nothing of %s', async (_, markdown) => {
    expect(await linted(inLesson(markdown))).toEqual([]);
  });

  it('nothing of what YAML escapes, of hints, reasons, and the mark at the very start', async () => {
    const yaml = `given: ['SET a b', "SET c \\u00a0"]
hints: ["10\u00a0000", "Qui ?", three]
equivalent:
  - mutant: "*"
    because: c'est vrai\u00a0!`;
    expect(await linted(`\ufeff${lessonWith(yaml)}`, `\ufeff${COURSE}`)).toEqual([]);
  });
});
