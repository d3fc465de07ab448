import type {
  Block,
  CourseServer,
  DemoLine,
  Exercise,
  Lesson,
  Line,
  Position,
  Problem,
  Step,
} from './course.ts';
import { readExercise } from './exercise.ts';
import { cutLesson, type Definition, type Piece, type Section } from './markdown.ts';
import { error } from './problem.ts';
import { EXERCISE_ID, lessonSchema } from './schema.ts';
import { readServers } from './servers.ts';
import { shapeProblems } from './shape.ts';
import { type Region, type Source, unseenIn } from './source.ts';
import { trimmed } from './text-reader.ts';
import { entry, readYaml, type YamlNode } from './yaml-tree.ts';

/** A lesson as far as it can be read, with the YAML it came from, in which lint looks for finer places. */
export interface LessonDraft {
  lesson: Lesson;
  source: Source;
  /** As in `LessonPieces`. */
  markdown: string;
  front?: YamlNode;
  /** The `# Title` line, where there is one. */
  heading?: { text: string; at: Position };
  servers: CourseServer[];
  /** The YAML of each exercise that could be read. */
  trees: Map<Exercise, YamlNode>;
  /** Something could not be read at all, so not every exercise is known. */
  partial: boolean;
  problems: Problem[];
}

export function readLesson(id: string, source: Source): LessonDraft {
  const pieces = cutLesson(source);
  const draft: LessonDraft = {
    lesson: {
      id,
      title: id,
      guide: '',
      minutes: 0,
      commands: [],
      steps: [],
      at: source.at(0),
    },
    source,
    markdown: pieces.markdown,
    ...(pieces.title ? { heading: pieces.title } : {}),
    servers: [],
    trees: new Map(),
    partial: pieces.problems.length > 0,
    problems: [...pieces.problems],
  };
  if (pieces.front) {
    const { node, problems } = readYaml(pieces.front);
    draft.problems.push(...problems);
    if (node) {
      draft.front = node;
      draft.problems.push(...shapeProblems(lessonSchema, node, 'the front matter'));
      readFront(node, draft);
      draft.servers = readServers(entry(node, 'servers'));
    }
  }
  for (const section of pieces.sections) draft.lesson.steps.push(readStep(section, draft));
  complete(draft.lesson, pieces.definitions);
  if (draft.lesson.steps.length === 0 && pieces.problems.length === 0) {
    report(draft, source.at(0), 'This lesson has no steps.', 'begin one with a line "## Title"');
  }
  return draft;
}

const REFERENCE = /\[((?:[^[\]\\]|\\.)+)\]/gs;

/** Gives each piece of prose what it refers to: an author may define it anywhere in the lesson. */
function complete({ steps }: Lesson, definitions: Definition[]): void {
  if (definitions.length === 0) return;
  const byLabel = new Map<string, Definition>();
  for (const each of definitions) if (!byLabel.has(each.label)) byLabel.set(each.label, each);
  const completed = (markdown: string): string => {
    // In the order in which they are met; footnotes may refer to more.
    const texts = new Set([markdown]);
    for (const text of texts) {
      for (const [, label] of text.matchAll(REFERENCE)) {
        const found = byLabel.get(label!.trim().replace(/\s+/g, ' ').toLowerCase());
        if (found) texts.add(sourceOf(found));
      }
    }
    return [...texts].join('\n\n');
  };
  for (const { blocks, exercise } of steps) {
    for (const block of blocks) if (block.kind === 'prose') block.markdown = completed(block.markdown);
    if (!exercise) continue;
    exercise.task = completed(exercise.task);
    exercise.after = completed(exercise.after);
  }
}

function readFront(node: YamlNode, draft: LessonDraft): void {
  const { lesson } = draft;
  const text = (name: string, fallback: string): string => {
    const found = entry(node, name);
    if (found?.kind !== 'scalar' || typeof found.value !== 'string') return fallback;
    const unseen = found.value.includes('\n') ? 'a line break' : unseenIn(found.value);
    if (unseen) report(draft, found.at, `"${name}" holds a control character (${unseen}).`);
    return found.value;
  };
  lesson.title = text('title', lesson.title);
  lesson.guide = text('guide', '');
  const minutes = entry(node, 'minutes');
  if (minutes?.kind === 'scalar' && typeof minutes.value === 'number') lesson.minutes = minutes.value;
  const commands = entry(node, 'commands');
  if (commands?.kind === 'list') {
    lesson.commands = commands.items.flatMap((item) =>
      item.kind === 'scalar' && typeof item.value === 'string' ? item.value : [],
    );
  }
}

const TASK = /^\*\*Your turn\.\*\*\s/;

function readStep(section: Section, draft: LessonDraft): Step {
  const { lesson } = draft;
  const title = section.title ?? lesson.title;
  const step: Step = { title, blocks: [], at: section.at };
  const exercises = section.pieces.filter(({ kind }) => kind === 'exercise');
  if (exercises.length > 1) draft.partial = true;
  for (const extra of exercises.slice(1)) {
    report(
      draft,
      extra.at,
      'A step has one exercise; this is another.',
      'begin a new step with a line "## Title" before it',
    );
  }
  const index = section.pieces.findIndex(({ kind }) => kind === 'exercise');
  const before = index < 0 ? section.pieces : section.pieces.slice(0, index);
  const after = index < 0 ? [] : section.pieces.slice(index + 1);
  const task = index < 0 ? undefined : before.at(-1);
  const hasTask = task?.kind === 'paragraph' && TASK.test(sourceOf(task));
  step.blocks = readBlocks(hasTask ? before.slice(0, -1) : before, draft);
  const strayTask = [...(hasTask ? before.slice(0, -1) : before), ...after].find(
    (piece) => piece.kind === 'paragraph' && TASK.test(sourceOf(piece)),
  );
  if (index < 0) {
    if (strayTask)
      report(
        draft,
        strayTask.at,
        'This task has no exercise.',
        'put a ```yaml exercise block right after it',
      );
    return step;
  }
  const block = section.pieces[index]!;
  if (section.title === undefined)
    report(
      draft,
      block.at,
      'This exercise stands before any step.',
      'begin a step with a line "## Title" before it',
    );
  if (!hasTask) {
    report(
      draft,
      strayTask?.at ?? block.at,
      strayTask ? 'The task does not stand right before its exercise block.' : 'This exercise has no task.',
      'the paragraph right before the block begins with "**Your turn.** "',
    );
  }
  const lateDemo = after.find(({ kind }) => kind === 'demo');
  if (lateDemo)
    report(
      draft,
      lateDemo.at,
      'A demo after the exercise is not run.',
      'move it before the task, or into the next step',
    );
  const { node, problems } = readYaml(block);
  draft.problems.push(...problems);
  if (node === undefined) {
    draft.partial = true;
    return step;
  }
  const read = readExercise(node, {
    lesson: lesson.id,
    title,
    servers: draft.servers,
    task: hasTask ? sourceOf(task) : '',
    after: after
      .filter(({ kind }) => kind === 'paragraph' || kind === 'other')
      .map(sourceOf)
      .join('\n\n'),
  });
  draft.problems.push(...read.problems);
  if (!EXERCISE_ID.test(read.exercise.id)) draft.partial = true;
  // The block's place is its fence: an empty block has no first field.
  step.exercise = { ...read.exercise, at: block.at };
  draft.trees.set(step.exercise, node);
  return step;
}

function readBlocks(pieces: Piece[], draft: LessonDraft): Block[] {
  const blocks: Block[] = [];
  for (const piece of pieces) {
    const last = blocks.at(-1);
    if (piece.kind === 'demo') {
      const lines = linesOf(piece).map(demoLine);
      if (lines.length === 0) report(draft, piece.at, 'This demo is empty.', 'write one command per line');
      blocks.push({ kind: 'demo', lines, at: piece.at });
    } else if (last?.kind === 'prose') {
      last.markdown += `\n\n${sourceOf(piece)}`;
    } else {
      blocks.push({ kind: 'prose', markdown: sourceOf(piece), at: piece.at });
    }
  }
  return blocks;
}

/** `other> GET a` is another client's, `error> INCR name` shows an error. */
function demoLine({ text, at }: Line): DemoLine {
  const [, mark, command] = /^(other|error)>\s*(.*)$/s.exec(text) ?? [];
  if (mark === undefined || command === undefined) return { text, at };
  return { text: command, at, ...(mark === 'other' ? { other: true } : { fails: true }) };
}

function linesOf({ source, start, end }: Piece): Line[] {
  const lines: Line[] = [];
  let offset = start;
  for (const text of source.text.slice(start, end).split('\n')) {
    if (text.trim() !== '') lines.push(trimmed({ text, at: source.at(offset) }));
    offset += text.length + 1;
  }
  return lines;
}

function sourceOf({ source, start, end }: Region): string {
  return source.text.slice(start, end);
}

function report(draft: LessonDraft, at: Position, message: string, hint?: string): void {
  draft.problems.push(error(at, message, hint));
}
