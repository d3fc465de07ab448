import { stat } from 'node:fs/promises';
import { readModules } from './code-module.ts';
import { type Course, exercisesOf, type Position, type Problem } from './course.ts';
import { hashOf, type LoadedCourse } from './kept-course.ts';
import { type LessonDraft, readLesson } from './lesson.ts';
import { error } from './problem.ts';
import { courseSchema, EXERCISE_ID } from './schema.ts';
import { shapeProblems } from './shape.ts';
import { readBytes, type Source, sourceFromBytes, unseenIn } from './source.ts';
import { didYouMean } from './suggest.ts';
import { entry, readYaml, type YamlNode } from './yaml-tree.ts';

export const COURSE_FILE = 'course.yaml';

/** A course as far as it can be read: what lint looks at, also where it is too broken to be played. */
export interface CourseDraft {
  course: Course;
  /** `course.yaml`, where it could be read. */
  source?: Source;
  tree?: YamlNode;
  /** Those that were read anew. */
  lessons: LessonDraft[];
  /** Lessons that are named but could not be read. */
  unread: string[];
  problems: Problem[];
  /** The hash of each file that there is. */
  files: Record<string, string>;
}

/**
 * Reads the course in a folder. Gives no course where any problem is an error; problems come in the order of the
 * sources. Runs no code, follows no link out of the folder, and throws for nothing that a folder may contain. Lessons
 * that were the same when the course was loaded `before` are not read again.
 */
export async function loadCourse(dir: string, before?: LoadedCourse): Promise<LoadedCourse> {
  const draft = await readCourse(dir, before);
  const { course, problems, files } = draft;
  return { ...(isPlayable(draft) && { course }), problems, files };
}

/** Whether what was read is a course, whatever else lint has to say of it. */
export function isPlayable({ problems }: CourseDraft): boolean {
  return !problems.some(({ severity }) => severity === 'error');
}

export async function readCourse(dir: string, before?: LoadedCourse): Promise<CourseDraft> {
  const draft: CourseDraft = {
    course: { id: '', title: '', floor: '', lessons: [], retired: {} },
    lessons: [],
    unread: [],
    problems: [],
    files: {},
  };
  const { problems } = draft;
  const found = await readBytes(dir, COURSE_FILE);
  problems.push(...found.problems);
  if (found.missing) problems.push(await noCourse(dir));
  if (!found.bytes) return draft;
  draft.files[COURSE_FILE] = hashOf(found.bytes);
  const read = sourceFromBytes(COURSE_FILE, found.bytes);
  problems.push(...read.problems);
  if (!read.source) return draft;
  draft.source = read.source;
  const { node, problems: broken } = readYaml({
    source: read.source,
    start: 0,
    end: read.source.text.length,
  });
  problems.push(...broken);
  if (!node) return draft;
  draft.tree = node;
  problems.push(...shapeProblems(courseSchema, node, 'course.yaml'));
  readHead(node, draft);

  const seen = new Set<string>();
  for (const { name, at } of stringsAt(node, 'lessons')) {
    // Names that could lead elsewhere have been reported by the schema.
    if (!/^[a-z0-9-]+$/.test(name)) continue;
    if (seen.has(name)) {
      problems.push(error(at, `The lesson "${name}" stands here twice.`, 'keep one of them'));
      continue;
    }
    seen.add(name);
    const file = `${name}.md`;
    const { bytes, missing, problems: unreadable } = await readBytes(dir, file);
    problems.push(...unreadable);
    if (missing) {
      problems.push(
        error(at, `The lesson "${name}" has no file ${file}.`, 'write it, or take the name out of the list'),
      );
    }
    if (!bytes) {
      draft.unread.push(name);
      continue;
    }
    draft.files[file] = hashOf(bytes);
    const known =
      before?.files[file] === draft.files[file] && before.course?.lessons.find(({ id }) => id === name);
    if (known) {
      draft.course.lessons.push(known);
      problems.push(...before!.problems.filter((each) => each.at.file === file));
      continue;
    }
    const { source, problems: unclear } = sourceFromBytes(file, bytes);
    problems.push(...unclear);
    if (!source) {
      draft.unread.push(name);
      continue;
    }
    const lesson = readLesson(name, source);
    draft.lessons.push(lesson);
    draft.course.lessons.push(lesson.lesson);
    problems.push(...inOrder(lesson.problems));
  }
  problems.push(...(await readModules(dir, draft.course, draft.files)));
  problems.push(...duplicates(draft.course), ...weigh(node, draft));
  return draft;
}

function readHead(node: YamlNode, { course, problems }: CourseDraft): void {
  for (const name of ['id', 'title', 'floor'] as const) {
    const found = entry(node, name);
    if (found?.kind !== 'scalar' || typeof found.value !== 'string') continue;
    const unseen = found.value.includes('\n') ? 'a line break' : unseenIn(found.value);
    if (unseen) problems.push(error(found.at, `"${name}" holds a control character (${unseen}).`));
    course[name] = found.value;
  }
  const retired = entry(node, 'retired');
  if (retired?.kind === 'map') {
    course.retired = Object.fromEntries(
      retired.entries.map(({ name, value }) => [
        name,
        value.kind === 'scalar' && typeof value.value === 'string' ? value.value : null,
      ]),
    );
  }
}

/** Gives exercises their points: what is said of one outweighs what is said of its lesson. */
function weigh(node: YamlNode, { course, unread }: CourseDraft): Problem[] {
  const problems: Problem[] = [];
  const all = exercisesOf(course);
  // Those that were kept from before may have had others.
  for (const exercise of all) delete exercise.points;
  const table = entry(node, 'points');
  if (table?.kind !== 'map') return problems;
  const ofLessonsFirst = table.entries.toSorted(
    (a, b) => Number(a.name.includes('/')) - Number(b.name.includes('/')),
  );
  for (const { name, value } of ofLessonsFirst) {
    const found = all.filter(({ id }) => id === name || id.startsWith(`${name}/`));
    for (const exercise of found)
      if (value.kind === 'scalar' && typeof value.value === 'number') exercise.points = value.value;
    if (found.length > 0 || unread.includes(name.split('/', 1)[0]!)) continue;
    const near = didYouMean(name, [...course.lessons.map(({ id }) => id), ...all.map(({ id }) => id)]);
    problems.push(error(value.at, `There is no lesson or exercise ${JSON.stringify(name)}.`, near));
  }
  return problems;
}

function duplicates(course: Course): Problem[] {
  const problems: Problem[] = [];
  const first = new Map<string, Position>();
  for (const { exercise } of course.lessons.flatMap(({ steps }) => steps)) {
    if (!exercise || !EXERCISE_ID.test(exercise.id)) continue;
    const earlier = first.get(exercise.id);
    if (earlier) {
      problems.push(
        error(
          exercise.at,
          `The id "${exercise.id}" is taken: line ${earlier.line} has it.`,
          'give this exercise another',
        ),
      );
    } else {
      first.set(exercise.id, exercise.at);
    }
  }
  return problems;
}

/** The texts of a list in course.yaml, each with its place. */
export function stringsAt(node: YamlNode, name: string): { name: string; at: Position }[] {
  const list = entry(node, name);
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? { name: item.value, at: item.at } : [],
  );
}

async function noCourse(dir: string): Promise<Problem> {
  const at = { file: COURSE_FILE, line: 1, column: 1 };
  const folder = await stat(dir).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return folder
    ? error(
        at,
        `There is no ${COURSE_FILE} in this folder.`,
        '`rediscover course new NAME` makes a course to begin with',
      )
    : error(at, 'There is no such folder.');
}

function inOrder(problems: Problem[]): Problem[] {
  return problems.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
}
