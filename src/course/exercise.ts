import { z } from 'zod';
import { readCheck } from './check.ts';
import type { Answer, Equivalent, Exercise, Line, NearMiss, Position, Problem, Snippet } from './course.ts';
import { error } from './problem.ts';
import { exerciseSchema } from './schema.ts';
import { shapeProblems } from './shape.ts';
import { unseenIn } from './source.ts';
import { entry, type YamlNode } from './yaml-tree.ts';
import { itemsOf } from './yaml-values.ts';

/** Checks are judged one by one, each by the schema of its kind. */
const SHAPE = exerciseSchema.extend({ checks: z.array(z.unknown()).min(1) });

/** All that `given` unfolds to, so that `repeat` cannot fill the memory. */
const GIVEN_LIMIT = 2000;

/** What stands around the block in its step. */
export interface Around {
  lesson: string;
  title: string;
  task: string;
  after: string;
}

/** An exercise out of its block's YAML. Where fields are malformed it reports them and leaves them out. */
export function readExercise(node: YamlNode, around: Around): { exercise: Exercise; problems: Problem[] } {
  const problems = shapeProblems(SHAPE, node, 'this exercise');
  const text = new TextReader(problems);
  const checks = itemsOf(entry(node, 'checks')).flatMap((item) => {
    const read = readCheck(item);
    problems.push(...read.problems);
    const why = entry(item, 'why');
    if (why) text.string(why);
    return read.check ?? [];
  });
  const exercise: Exercise = {
    id: `${around.lesson}/${text.string(entry(node, 'id'))}`,
    title: around.title,
    task: around.task,
    given: given(entry(node, 'given'), text),
    checks,
    hints: itemsOf(entry(node, 'hints')).map((hint) => text.string(hint)),
    solution: answer(entry(node, 'solution'), text, node.at),
    accept: itemsOf(entry(node, 'accept')).map((item) => answer(item, text, item.at)),
    reject: itemsOf(entry(node, 'reject')).map(
      (item): NearMiss => ({
        try: answer(entry(item, 'try'), text, item.at),
        because: text.string(entry(item, 'because')),
        at: item.at,
      }),
    ),
    equivalent: itemsOf(entry(node, 'equivalent')).map(
      (item): Equivalent => ({
        mutant: text.string(entry(item, 'mutant')),
        because: text.string(entry(item, 'because')),
        at: item.at,
      }),
    ),
    code: [...snippets(node, 'node', text), ...snippets(node, 'python', text)],
    after: around.after,
    at: node.at,
  };
  return { exercise, problems };
}

/** Reads text that will be shown on a terminal or run; control characters that YAML escapes make are reported. */
class TextReader {
  readonly #problems: Problem[];

  constructor(problems: Problem[]) {
    this.#problems = problems;
  }

  string(node: YamlNode | undefined): string {
    if (node?.kind !== 'scalar' || typeof node.value !== 'string') return '';
    const unseen = unseenIn(node.value);
    if (unseen) {
      this.report(
        node.at,
        `An escape makes a control character here (${unseen}).`,
        'in a command, write it in Redis\'s own quotes, as "\\x1b"',
      );
    }
    return node.value;
  }

  /** Command lines: one a line of a block, else one a text. */
  lines(node: YamlNode | undefined): Line[] {
    if (node?.kind === 'list') return node.items.flatMap((item) => this.lines(item));
    if (node?.kind !== 'scalar') return [];
    const value = this.string(node);
    if (node.lines) return node.lines.map(trimmed).filter(({ text }) => text !== '');
    if (value.trim().includes('\n')) {
      this.report(
        node.at,
        'A quoted command line holds a line break.',
        'use a block (|) for several lines, or write \\\\n for a break inside a value',
      );
    }
    return value.trim() === '' ? [] : [{ text: value.trim(), at: node.at }];
  }

  report(at: Position, message: string, hint?: string): void {
    this.#problems.push(error(at, message, hint));
  }
}

function given(node: YamlNode | undefined, text: TextReader): Line[] {
  if (node === undefined) return [];
  const lines: Line[] = [];
  for (const item of node.kind === 'list' ? node.items : [node]) {
    const times = entry(item, 'repeat');
    if (times === undefined) {
      lines.push(...text.lines(item));
      continue;
    }
    const [first, last] = span(times);
    const run = text.lines(entry(item, 'run'));
    if (last < first) text.report(times.at, 'This range is empty.', `did you mean ${last}..${first}?`);
    if (last - first >= 300) {
      // A number too high is a matter of the schema.
      if (first !== 1 || typeof (times as { value?: unknown }).value === 'string')
        text.report(times.at, 'A line is repeated 300 times at most.');
    } else if (lines.length + (last - first + 1) * run.length > GIVEN_LIMIT) {
      text.report(item.at, `This unfolds to more than ${GIVEN_LIMIT} command lines.`, 'repeat it less often');
      break;
    } else {
      for (let n = first; n <= last; n++) {
        for (const line of run) lines.push({ text: line.text.replaceAll('{n}', String(n)), at: line.at });
      }
    }
  }
  return lines;
}

/** `3` counts from 1 to 3, `41..53` as it says; what is malformed repeats nothing. */
function span(node: YamlNode): [number, number] {
  const value = node.kind === 'scalar' ? node.value : null;
  if (typeof value === 'number') return [1, Math.max(1, value)];
  const range = typeof value === 'string' ? value.match(/^(\d+)\.\.(\d+)$/) : null;
  return range ? [Number(range[1]), Number(range[2])] : [1, 1];
}

function answer(node: YamlNode | undefined, text: TextReader, at: Position): Answer {
  return { lines: text.lines(node), at: node?.at ?? at };
}

function snippets(exercise: YamlNode, language: 'node' | 'python', text: TextReader): Snippet[] {
  const node = entry(entry(exercise, 'code'), language);
  if (node === undefined) return [];
  return (node.kind === 'list' ? node.items : [node]).map((item) => ({
    language,
    source: text.string(item),
    at: item.at,
  }));
}

export function trimmed(line: Line): Line {
  const text = line.text.trim();
  const indent = line.text.length - line.text.trimStart().length;
  return { text, at: { ...line.at, column: line.at.column + indent } };
}
