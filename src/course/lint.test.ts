import { describe, expect, it } from 'vitest';
import { COURSE, courseFolder, FRONT, lessonWith, told } from '../../test/setup/course-folder.ts';
import { KNOWLEDGE } from '../../test/setup/lint-knowledge.ts';
import { lintCourse } from './lint.ts';

const TASK = '**Your turn.** Do.\n';
const EXERCISE = `\`\`\`yaml exercise
id: visit
checks:
  - key: visitor:8
    string: Bo
hints: [a, b, c]
solution: SET visitor:8 Bo
reject:
  - { try: SET visitor:8 bo, because: Bo }
  - { try: SET visitor:9 Bo, because: is not there }
  - { try: SET visitor:8 Boo, because: Bo }
\`\`\`
`;

describe('lintCourse tells, of a lesson,', () => {
  it.each([
    [
      'an exercise without a task',
      `${FRONT}\n## A\n\nDo.\n\n${EXERCISE}`,
      [
        'first.md:11:1 error: This exercise has no task. -> the paragraph right before the block begins with "**Your turn.** "',
      ],
    ],
    [
      'a task that stands apart from its exercise',
      `${FRONT}\n## A\n\n${TASK}\nMore.\n\n${EXERCISE}`,
      [
        'first.md:9:1 error: The task does not stand right before its exercise block. -> the paragraph right before the block begins with "**Your turn.** "',
      ],
    ],
    [
      'a task without an exercise',
      `${FRONT}\n## A\n\n${TASK}\n## B\n\n${TASK}\n${EXERCISE}`,
      ['first.md:9:1 error: This task has no exercise. -> put a ```yaml exercise block right after it'],
    ],
    [
      'two exercises in one step',
      `${FRONT}\n## A\n\n${TASK}\n${EXERCISE}\n${TASK}\n\`\`\`yaml exercise\nid: other\nchecks:\n  - key: visitor:8\n    string: Bo\nhints: [a, b, c]\nsolution: SET visitor:8 Bo\nreject:\n  - { try: SET visitor:8 bo, because: Bo }\n  - { try: SET visitor:9 Bo, because: is not there }\n  - { try: SET visitor:8 Boo, because: Bo }\n\`\`\`\n`,
      [
        'first.md:26:1 error: A step has one exercise; this is another. -> begin a new step with a line "## Title" before it',
      ],
    ],
    [
      'two exercises of one id',
      `${FRONT}\n## A\n\n${TASK}\n${EXERCISE}\n## B\n\n${TASK}\n${EXERCISE}`,
      ['first.md:28:1 error: The id "first/visit" is taken: line 11 has it. -> give this exercise another'],
    ],
    [
      'two steps of one title',
      `${FRONT}\n## A\n\ntext\n\n## a\n\n${TASK}\n${EXERCISE}`,
      ['first.md:11:1 warning: Another step is called "a" (line 7). -> tell them apart by their titles'],
    ],
    [
      'an exercise fence that is never closed',
      `${FRONT}\n## A\n\n${TASK}\n\`\`\`yaml exercise\nid: visit\nchecks:\n  - key: visitor:8\n    string: Bo\nhints: [a, b, c]\nsolution: SET visitor:8 Bo\nreject:\n  - { try: SET visitor:8 bo, because: Bo }\n  - { try: SET visitor:9 Bo, because: is not there }\n  - { try: SET visitor:8 Boo, because: Bo }\n`,
      [
        'first.md:11:1 error: This fence is never closed: all that follows reads as code. -> close it with a line of ```',
      ],
    ],
    [
      'a demo fence that is closed by a later one',
      `${FRONT}\n## A\n\n\`\`\`redis demo\nSET a b\n\n${TASK}\n${EXERCISE}`,
      [
        'first.md:9:1 error: This fence is never closed: all that follows reads as code. -> close it with a line of ```',
      ],
    ],
    [
      'a misspelt exercise fence',
      `${FRONT}\n## A\n\n${TASK}\n\`\`\`yaml exersise\nid: visit\nchecks:\n  - key: visitor:8\n    string: Bo\nhints: [a, b, c]\nsolution: SET visitor:8 Bo\nreject:\n  - { try: SET visitor:8 bo, because: Bo }\n  - { try: SET visitor:9 Bo, because: is not there }\n  - { try: SET visitor:8 Boo, because: Bo }\n\`\`\`\n`,
      [
        'first.md:9:1 error: This task has no exercise. -> put a ```yaml exercise block right after it',
        'first.md:11:1 error: Nothing reads a block `yaml exersise`. -> did you mean "yaml exercise"?',
      ],
    ],
    [
      'a misspelt demo fence',
      `${FRONT}\n## A\n\n\`\`\`redis dmeo\nSET a b\n\`\`\`\n\n${TASK}\n${EXERCISE}`,
      ['first.md:9:1 error: Nothing reads a block `redis dmeo`. -> did you mean "redis demo"?'],
    ],
    [
      'a misspelt language of a demo fence',
      `${FRONT}\n## A\n\n\`\`\`reddis demo\nSET a b\n\`\`\`\n\n${TASK}\n${EXERCISE}`,
      ['first.md:9:1 error: Nothing reads a block `reddis demo`. -> did you mean "redis demo"?'],
    ],
    [
      'a fence of ours that nothing reads, and none of another language',
      `${FRONT}\n## A\n\n\`\`\`redis run it here\nSET a b\n\`\`\`\n\n\`\`\`js title=x\n1\n\`\`\`\n\n${TASK}\n${EXERCISE}`,
      [
        'first.md:9:1 error: Nothing reads a block `redis run it here`. -> the blocks are `redis demo` and `yaml exercise`',
      ],
    ],
    [
      'an empty demo',
      `${FRONT}\n## A\n\n\`\`\`redis demo\n\`\`\`\n\n${TASK}\n${EXERCISE}`,
      ['first.md:9:1 error: This demo is empty. -> write one command per line'],
    ],
    [
      'a demo inside a list',
      `${FRONT}\n## A\n\n- x\n\n  \`\`\`redis demo\n  GET a\n  \`\`\`\n\n${TASK}\n${EXERCISE}`,
      [
        'first.md:11:3 error: A `redis demo` block does not run inside a list or a quote. -> put it at the left margin',
      ],
    ],
    [
      'a demo after the exercise',
      `${FRONT}\n## A\n\n${TASK}\n${EXERCISE}\n\`\`\`redis demo\nGET a\n\`\`\`\n`,
      [
        'first.md:24:1 error: A demo after the exercise is not run. -> move it before the task, or into the next step',
      ],
    ],
    [
      'a demo that shows the solution',
      `${FRONT}\n## A\n\n\`\`\`redis demo\nSET visitor:8 Bo\n\`\`\`\n\n${TASK}\n${EXERCISE}`,
      [
        "first.md:21:11 warning: The solution stands in this step's demo: copying it passes. -> use other names and numbers",
      ],
    ],
    [
      'mistakes in a demo, with their columns',
      `${FRONT}\n## A\n\n\`\`\`redis demo\n  GTE visitor:8\n\nZRANGE a\n\`\`\`\n\n${TASK}\n${EXERCISE}`,
      [
        'first.md:10:3 error: There is no command "GTE"; it stands in this demo. -> did you mean "GET"?',
        'first.md:12:1 error: ZRANGE takes at least 3 arguments; here it has 1.',
      ],
    ],
    [
      'a mistake in an indented fence',
      `${FRONT}\n## A\n\n${TASK}\n  \`\`\`yaml exercise\n  id: visit\n  checks:\n    - key: visitor:8\n      strin: Bo\n  hints: [a, b, c]\n  solution: SET visitor:8 Bo\n  reject:\n    - { try: SET visitor:8 bo, because: Bo }\n    - { try: SET visitor:9 Bo, because: is not there }\n    - { try: SET visitor:8 Boo, because: Bo }\n  \`\`\`\n`,
      ['first.md:15:7 error: A check of "key" knows no field "strin". -> did you mean "string"?'],
    ],
    [
      'a missing front matter',
      `## A\n\n${TASK}\n${EXERCISE}`,
      [
        'first.md:1:1 error: The front matter is missing. -> begin the lesson with lines of ---, title: ..., minutes: ..., commands: [...], ---',
      ],
    ],
    [
      'a front matter that is never closed',
      `---\ntitle: x\n\n## A\n\n${TASK}\n${EXERCISE}`,
      ['first.md:1:1 error: The front matter is never closed. -> end it with a line of ---'],
    ],
    [
      'a misspelt field of the front matter',
      `---\ntitle: First\nminuts: 3\ncommands: [SET]\n---\n\n## A\n\n${TASK}\n${EXERCISE}`,
      ['first.md:3:1 error: The front matter knows no field "minuts". -> did you mean "minutes"?'],
    ],
    [
      'wrong commands in the front matter',
      `---\ntitle: First\nminutes: 3\ncommands: [set, GTE, DEL, SET, SET]\n---\n\n## A\n\n${TASK}\n${EXERCISE}`,
      [
        'first.md:4:12 error: The command "set" is written in capitals here. -> did you mean "SET"?',
        'first.md:4:17 error: There is no command "GTE". -> did you mean "GET"?',
        'first.md:4:22 warning: No demo and no answer of this lesson uses DEL. -> show it, or take it out of the list',
        'first.md:4:32 error: "SET" stands here twice. -> keep one of them',
      ],
    ],
    [
      'a heading that differs from the title',
      `${FRONT}\n# Second\n\n## A\n\n${TASK}\n${EXERCISE}`,
      [
        'first.md:7:1 warning: The heading says "Second", the front matter "First". -> give both the same words',
      ],
    ],
    [
      'a second title',
      `${FRONT}\n## A\n\n${TASK}\n${EXERCISE}\n# B\n`,
      ['first.md:24:1 error: A lesson has one "# Title", at its top. -> begin a step with "##"'],
    ],
    [
      'a lesson without steps',
      `${FRONT}`,
      [
        'course.yaml:5:13 error: No lesson has the exercise "first/visit" any more, but learners\' progress is filed under it. -> give it back its id, or write "first/visit: null" under "retired" in course.yaml if it is gone',
        'first.md:1:1 error: This lesson has no steps. -> begin one with a line "## Title"',
      ],
    ],
    [
      'a step without content',
      `${FRONT}\n## Z\n\n## A\n\n${TASK}\n${EXERCISE}`,
      ['first.md:7:1 warning: The step "Z" is empty.'],
    ],
    [
      'a control character',
      `${FRONT}\n## A\n\nred \u001b[31m\n\n${TASK}\n${EXERCISE}`,
      ['first.md:9:5 error: There is an invisible control character here (U+001B). -> delete it'],
    ],
  ])('%s', async (_, lesson, expected) => {
    const dir = await courseFolder({ 'course.yaml': COURSE, 'first.md': lesson });
    expect((await lintCourse(dir, KNOWLEDGE)).problems.map(told)).toEqual(expected);
  });
});

describe('lintCourse tells, of a course,', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'a lesson that is not listed, and no README',
      {
        'other.md': `---
title: First
minutes: 3
commands: [SET]
---
`,
        'README.md': `# x
`,
      },
      [
        'course.yaml:4:10 error: other.md is a lesson that is not listed. -> add "other" to "lessons", or move the file elsewhere',
      ],
    ],
    [
      'a lesson without a file, and one listed twice',
      {
        'course.yaml': `id: s
title: x
floor: "6.2"
lessons: [first, second, first]
exercises: [first/visit]
`,
      },
      [
        'course.yaml:4:18 error: The lesson "second" has no file second.md. -> write it, or take the name out of the list',
        'course.yaml:4:26 error: The lesson "first" stands here twice. -> keep one of them',
      ],
    ],
    [
      'a floor without quotes',
      {
        'course.yaml': `id: s
title: x
floor: 6.2
lessons: [first]
exercises: [first/visit]
`,
      },
      ['course.yaml:3:8 error: "floor" must be text, but 6.2 is a number in YAML. -> quote it: "6.2"'],
    ],
    [
      'a lesson name that leads elsewhere',
      {
        'course.yaml': `id: s
title: x
floor: "6"
lessons: [../first, first]
exercises: [first/visit]
`,
      },
      [
        'course.yaml:3:8 error: "floor" is not well formed. -> write a version with one point, in quotes: "6.2"',
        'course.yaml:4:11 error: Item 1 of "lessons" is not well formed. -> write small letters, digits and single dashes, as in "sorted-sets"',
      ],
    ],
    [
      'an exercise that is not listed',
      {
        'course.yaml': `id: s
title: x
floor: "6.2"
lessons: [first]
exercises: []
`,
      },
      [
        'first.md:11:5 error: The exercise "first/visit" is not listed in course.yaml. -> `rediscover course lint --fix` adds it',
      ],
    ],
    [
      'a missing list of exercises',
      {
        'course.yaml': `id: s
title: x
floor: "6.2"
lessons: [first]
`,
      },
      [
        'course.yaml:1:1 error: course.yaml does not list the exercises, so a changed id would go unseen. -> `rediscover course lint --fix` lists them',
      ],
    ],
    [
      'an exercise that is gone',
      {
        'course.yaml': `id: s
title: x
floor: "6.2"
lessons: [first]
exercises:
  - first/visit
  - first/gone
`,
      },
      [
        'course.yaml:7:5 error: No lesson has the exercise "first/gone" any more, but learners\' progress is filed under it. -> give it back its id, or write "first/gone: null" under "retired" in course.yaml if it is gone',
      ],
    ],
    [
      'an exercise that was renamed',
      {
        'course.yaml': `id: s
title: x
floor: "6.2"
lessons: [first]
exercises:
  - first/vist
`,
      },
      [
        'course.yaml:6:5 error: No lesson has the exercise "first/vist" any more, but learners\' progress is filed under it. -> if it is now "first/visit", write "first/vist: first/visit" under "retired" in course.yaml, or give it its old id back',
        'first.md:11:5 error: The exercise "first/visit" is not listed in course.yaml. -> after seeing to the old id, `rediscover course lint --fix` adds it',
      ],
    ],
    [
      'nothing of exercises that were retired',
      {
        'course.yaml': `id: s
title: x
floor: "6.2"
lessons: [first]
exercises: [first/visit, first/old, first/gone]
retired:
  first/old: first/visit
  first/gone: null
`,
      },
      [],
    ],
    [
      'an exercise retired in error',
      {
        'course.yaml': `id: s
title: x
floor: "6.2"
lessons: [first]
exercises: [first/visit]
retired:
  first/old: first/vsit
  first/visit: null
`,
      },
      [
        'course.yaml:7:14 error: "first/old" is said to be "first/vsit" now, which no lesson has. -> did you mean "first/visit"?',
        'course.yaml:8:3 error: "first/visit" is retired, but a lesson still has it. -> take it out of "retired"',
      ],
    ],
    [
      'a retired id without its lesson',
      {
        'course.yaml': `id: s
title: x
floor: "6.2"
lessons: [first]
exercises: [first/visit]
retired:
  old: first/visit
`,
      },
      ['course.yaml:7:8 error: "retired.old" has a bad name: lesson/exercise, as in "strings/session-ttl".'],
    ],
    [
      'a misspelt field of course.yaml',
      {
        'course.yaml': `id: s
title: x
floor: "6.2"
lesons: [first]
exercises: [first/visit]
`,
      },
      ['course.yaml:4:1 error: course.yaml knows no field "lesons". -> did you mean "lessons"?'],
    ],
    [
      'a course.yaml that is a list',
      {
        'course.yaml': `- x
`,
      },
      ['course.yaml:1:1 error: course.yaml must be a map, but it is a list.'],
    ],
    ['an empty course.yaml', { 'course.yaml': '' }, ['course.yaml:1:1 error: course.yaml is empty.']],
  ])('%s', async (_, files, expected) => {
    const dir = await courseFolder({ 'course.yaml': COURSE, 'first.md': lessonWith(), ...files });
    expect((await lintCourse(dir, KNOWLEDGE)).problems.map(told)).toEqual(expected);
  });
});
