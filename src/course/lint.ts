import { readdir } from 'node:fs/promises';
import type { Course, Position, Problem } from './course.ts';
import { CommandRules, type Commands, type Split } from './lint-commands.ts';
import { exerciseProblems } from './lint-exercise.ts';
import { invisible, invisibleInLesson } from './lint-invisible.ts';
import { headingNames, linkProblems } from './lint-links.ts';
import { proseIn, proseProblems } from './lint-prose.ts';
import { COURSE_FILE, type CourseDraft, isPlayable, readCourse, stringsAt } from './load.ts';
import { error, warning } from './problem.ts';
import { EXERCISE_ID } from './schema.ts';
import { readSource } from './source.ts';
import { closest } from './suggest.ts';
import { entry } from './yaml-tree.ts';

export interface LintKnowledge {
  /** Which commands there are; without it, nothing is said about commands. */
  commands?: Commands;
  /** Splits a command line as redis-cli does; without it, quotes are not judged. */
  split?: Split;
}

/**
 * Every mistake that can be seen without running anything, in the order of the sources. Also for a course that is too
 * broken to load, which is then not given: rules speak of what could be read.
 */
export async function lintCourse(
  dir: string,
  knowledge: LintKnowledge = {},
): Promise<{ course?: Course; problems: Problem[] }> {
  const draft = await readCourse(dir);
  const problems = [...draft.problems];
  if (draft.tree) {
    if (entry(draft.tree, 'lessons'))
      problems.push(...publishedIds(draft), ...(await unlistedFiles(dir, draft)));
    // A floor that is missing has been reported; no command is newer than this.
    const floor = /^\d+\.\d+$/.test(draft.course.floor) ? draft.course.floor : '999.0';
    const rules = new CommandRules(floor, knowledge.commands, knowledge.split);
    if (draft.source) problems.push(...invisible(draft.source));
    for (const lesson of draft.lessons) problems.push(...lessonProblems(lesson), ...rules.lesson(lesson));
    for await (const problem of markdownProblems(dir, draft)) problems.push(problem);
  }
  const course = isPlayable(draft) ? { course: draft.course } : {};
  return { ...course, problems: sorted(problems, draft) };
}

function* lessonProblems({
  lesson,
  heading,
  front,
  trees,
  partial,
}: CourseDraft['lessons'][number]): Generator<Problem> {
  const titleAt = entry(front, 'title');
  if (heading && titleAt && heading.text !== lesson.title) {
    yield warning(
      heading.at,
      `The heading says "${heading.text}", the front matter "${lesson.title}".`,
      'give both the same words',
    );
  }
  const titles = new Map<string, number>();
  for (const step of lesson.steps) {
    const earlier = titles.get(step.title.toLowerCase());
    if (earlier !== undefined) {
      yield warning(
        step.at,
        `Another step is called "${step.title}" (line ${earlier}).`,
        'tell them apart by their titles',
      );
    } else {
      titles.set(step.title.toLowerCase(), step.at.line);
    }
    if (step.exercise) yield* exerciseProblems(step, step.exercise, trees.get(step.exercise));
    else if (step.blocks.length === 0 && !partial)
      yield warning(step.at, `The step "${step.title}" is empty.`);
  }
  if (trees.size === 0 && !partial && lesson.steps.length > 0) {
    yield warning(lesson.at, 'This lesson has no exercise.');
  }
}

/** What lint says of the words themselves: they may lead to other lessons, so all are parsed first. */
async function* markdownProblems(dir: string, { lessons }: CourseDraft): AsyncGenerator<Problem> {
  const parsed = lessons.map((lesson) => ({ lesson, pieces: proseIn(lesson) }));
  const headings = new Map(
    parsed.map(({ lesson, pieces: [whole] }) => [lesson.source.file, headingNames(whole!)]),
  );
  for (const { lesson, pieces } of parsed) {
    yield* invisibleInLesson(lesson, pieces[0]!);
    for (const piece of pieces) {
      yield* proseProblems(piece);
      yield* linkProblems(piece, { dir, file: lesson.source.file, headings });
    }
  }
}

/** Ids are promises: progress is filed under them, so none changes or goes without a word in `retired`. */
function* publishedIds({ course, tree, lessons, unread }: CourseDraft): Generator<Problem> {
  const existing = exerciseIds(lessons);
  const listed = stringsAt(tree!, 'exercises');
  const published = new Set(listed.map(({ name }) => name));
  // What stands in a lesson that could not be read whole is not known to be gone.
  const uncertain = new Set([
    ...unread,
    ...lessons.filter(({ partial }) => partial).map(({ lesson }) => lesson.id),
  ]);
  const added = [...existing.keys()].filter((id) => !published.has(id));
  const renamed = new Set<string>();

  const seen = new Set<string>();
  for (const { name: id, at } of listed) {
    if (seen.has(id)) yield error(at, `"${id}" is listed twice.`, 'keep one of them');
    seen.add(id);
    // A malformed one has been reported.
    if (!EXERCISE_ID.test(id)) continue;
    if (existing.has(id) || Object.hasOwn(course.retired, id) || uncertain.has(id.split('/')[0]!)) continue;
    const near = closest(id, added) ?? (added.length === 1 ? added[0] : undefined);
    if (near) renamed.add(near);
    yield error(
      at,
      `No lesson has the exercise "${id}" any more, but learners' progress is filed under it.`,
      near
        ? `if it is now "${near}", write "${id}: ${near}" under "retired" in ${COURSE_FILE}, or give it its old id back`
        : `give it back its id, or write "${id}: null" under "retired" in ${COURSE_FILE} if it is gone`,
    );
  }
  if (!entry(tree, 'exercises') && existing.size > 0) {
    yield error(
      tree!.at,
      `${COURSE_FILE} does not list the exercises, so a changed id would go unseen.`,
      '`rediscover course lint --fix` lists them',
    );
  } else {
    for (const id of added) {
      const fix = renamed.has(id) ? `after seeing to the old id, ${FIX_HINT}` : FIX_HINT;
      yield error(existing.get(id)!, `The exercise "${id}" is not listed in ${COURSE_FILE}.`, fix);
    }
  }
  const retired = entry(tree, 'retired');
  for (const { name: id, at, value } of retired?.kind === 'map' ? retired.entries : []) {
    if (existing.has(id))
      yield error(at, `"${id}" is retired, but a lesson still has it.`, 'take it out of "retired"');
    const heir = course.retired[id];
    if (leadsBack(id, course.retired))
      yield error(value.at, `"${id}" is retired in a circle, and leads to no exercise.`);
    if (typeof heir !== 'string' || existing.has(heir) || Object.hasOwn(course.retired, heir)) continue;
    if (uncertain.has(heir.split('/')[0]!)) continue;
    const near = closest(heir, existing.keys());
    yield error(
      value.at,
      `"${id}" is said to be "${heir}" now, which no lesson has.`,
      near && `did you mean "${near}"?`,
    );
  }
}

function leadsBack(id: string, retired: Course['retired']): boolean {
  const seen = new Set<string>();
  let at: string | null | undefined = id;
  while (typeof at === 'string' && !seen.has(at)) {
    seen.add(at);
    at = Object.hasOwn(retired, at) ? retired[at] : undefined;
  }
  return at === id;
}

const FIX_HINT = '`rediscover course lint --fix` adds it';

/** The ids in the lessons, in order, each with its first place. */
export function exerciseIds(lessons: CourseDraft['lessons']): Map<string, Position> {
  const ids = new Map<string, Position>();
  for (const { lesson, trees } of lessons) {
    for (const { exercise } of lesson.steps) {
      if (!exercise || !EXERCISE_ID.test(exercise.id) || ids.has(exercise.id)) continue;
      ids.set(exercise.id, entry(trees.get(exercise), 'id')?.at ?? exercise.at);
    }
  }
  return ids;
}

/** Markdown files that look like lessons and are none of the course's. */
async function unlistedFiles(dir: string, { lessons, unread, tree }: CourseDraft): Promise<Problem[]> {
  const listed = new Set([...lessons.map(({ lesson }) => lesson.id), ...unread]);
  const at = entry(tree, 'lessons')?.at ?? tree!.at;
  const problems: Problem[] = [];
  const files = await readdir(dir).catch(() => []);
  for (const file of files.sort()) {
    const name = file.match(/^(.+)\.md$/i)?.[1];
    if (name === undefined || listed.has(name)) continue;
    const { source } = await readSource(dir, file);
    if (!source?.text.startsWith('---\n')) continue;
    problems.push(
      error(
        at,
        `${file} is a lesson that is not listed.`,
        `add "${name}" to "lessons", or move the file elsewhere`,
      ),
    );
  }
  return problems;
}

/** course.yaml first, then the lessons in order; each thing once. */
function sorted(problems: Problem[], { lessons }: CourseDraft): Problem[] {
  const order = new Map(
    [COURSE_FILE, ...lessons.map(({ lesson }) => lesson.at.file)].map((file, i) => [file, i]),
  );
  const rank = ({ at }: Problem): number => order.get(at.file) ?? order.size;
  const seen = new Set<string>();
  return problems
    .filter(({ at, message }) => {
      const key = `${at.file}:${at.line}:${at.column}:${message}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => rank(a) - rank(b) || a.at.line - b.at.line || a.at.column - b.at.column);
}
