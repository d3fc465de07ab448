import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Course, Exercise, Step } from '../src/course/course.ts';
import { loadCourse } from '../src/course/load.ts';
import { matchesCommand } from '../src/course/pattern.ts';
import { splitArgs } from '../src/redis/split.ts';

// `npx vitest run test/guide.test.ts -u` writes docs/guide.md anew.

interface Section {
  section: string;
  /** None teaches it yet, where absent. */
  lesson?: string;
  snippet: string;
  calls: { call: string; command?: string; code?: string }[];
}

interface Row {
  section: Section;
  call: string;
  does: string;
  /** Where it runs before the learner's eyes, and where the learner does it. */
  shown: string | undefined;
  practised: string | undefined;
}

const sections = parse(await readFile('fixtures/guide.yaml', 'utf8')) as Section[];
const { course } = await loadCourse('lessons');

function rowsOf({ lessons }: Course): Row[] {
  return sections.flatMap((section) => {
    const steps = lessons.find(({ id }) => id === section.lesson)?.steps ?? [];
    return section.calls.map(({ call, command, code }) => {
      const shown = command !== undefined ? steps.find((step) => shows(step, command)) : undefined;
      const exercises = steps.flatMap(({ exercise }) => exercise ?? []);
      const inLines =
        command === undefined
          ? undefined
          : (exercises.find((one) => asksFor(one, command)) ??
            exercises.find((one) => takes(one, command)) ??
            exercises.find((one) => avoids(one, command)));
      const practised = inLines ?? exercises.find((one) => code !== undefined && codes(one, code));
      return { section, call, does: command ?? '', shown: shown?.title, practised: practised?.id };
    });
  });
}

function shows({ blocks }: Step, command: string): boolean {
  return blocks.some(
    (block) => block.kind === 'demo' && block.lines.some(({ text }) => isLike(text, command)),
  );
}

function asksFor({ solution }: Exercise, command: string): boolean {
  return solution.lines.some(({ text }) => isLike(text, command));
}

function takes({ accept }: Exercise, command: string): boolean {
  return accept.some(({ lines }) => lines.some(({ text }) => isLike(text, command)));
}

/** In a snippet, or in the module that is asked for. */
function codes({ code, module }: Exercise, words: string): boolean {
  return [...code, ...(module?.solutions ?? [])].some(({ source }) => source.includes(words));
}

/** To do without it is the exercise. */
function avoids({ checks }: Exercise, command: string): boolean {
  return checks.some((check) => check.kind === 'avoided' && check.patterns.includes(command));
}

function isLike(line: string, command: string): boolean {
  return matchesCommand(command, splitArgs(line) ?? []);
}

function table(rows: Row[]): string {
  const lines = rows.map(({ section, call, does, shown, practised }, index) => {
    const first = rows[index - 1]?.section !== section;
    const cells = [
      first ? section.section : '',
      first ? `\`${section.snippet}\`` : '',
      `\`${call}\``,
      does && `\`${does}\``,
      shown ?? '',
      practised ? `\`${practised}\`` : section.lesson ? 'nowhere' : 'not yet',
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return [
    '# The guide, and where the course teaches it',
    '',
    'Each snippet of the guide with each of its calls: the command that it runs, the step that shows it live, and the',
    'first exercise that practises it. Made from `fixtures/guide.yaml` and the lessons by `test/guide.test.ts`.',
    '',
    '| Section | Snippet | Call | Command | Shown in | Practised in |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

test('the table of the guide is that of the lessons as they are', async () => {
  await expect(table(rowsOf(course!))).toMatchFileSnapshot('../docs/guide.md');
});

test('every command of a section that has a lesson is shown live and practised', () => {
  const lessons = new Set(course!.lessons.map(({ id }) => id));
  const taught = rowsOf(course!).filter(({ section }) => section.lesson && lessons.has(section.lesson));
  const open = taught.filter(({ does, shown, practised }) => !practised || (does !== '' && !shown));
  expect(open.map(({ call, shown, practised }) => ({ call, shown, practised }))).toEqual([]);
});

test('every lesson is of a section of the guide', () => {
  const known = sections.flatMap(({ lesson, section }) => (lesson ? [[lesson, section]] : []));
  for (const { id, guide } of course!.lessons) expect(known).toContainEqual([id, guide]);
});
