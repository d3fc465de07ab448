import { z } from 'zod';
import { readCheck } from './check.ts';
import { languageOf, MODULE_FOLDER } from './code-module.ts';
import type {
  Answer,
  Check,
  CodeAnswer,
  CourseServer,
  Equivalent,
  Exercise,
  Line,
  LinesAnswer,
  NearMiss,
  Position,
  Problem,
  World,
} from './course.ts';
import { readOthers } from './others.ts';
import { error } from './problem.ts';
import { exerciseSchema, worldSchema } from './schema.ts';
import { shapeProblems } from './shape.ts';
import { TextReader } from './text-reader.ts';
import { entry, type YamlNode } from './yaml-tree.ts';
import { itemsOf, string } from './yaml-values.ts';

/** Checks are judged one by one, each by the schema of its kind. */
const SHAPE = exerciseSchema.extend({
  checks: z.array(z.unknown()).min(1).optional(),
  worlds: z.array(z.unknown()).min(1).optional(),
});
const WORLD_SHAPE = worldSchema.extend({ checks: z.unknown() });

/** All that `given` unfolds to, so that `repeat` cannot fill the memory. */
const GIVEN_LIMIT = 2000;

/** What stands around the block in its step. */
export interface Around {
  lesson: string;
  title: string;
  task: string;
  after: string;
  /** Those of the lesson. */
  servers: readonly CourseServer[];
}

/** An exercise out of its block's YAML. Where fields are malformed it reports them and leaves them out. */
export function readExercise(node: YamlNode, around: Around): { exercise: Exercise; problems: Problem[] } {
  const problems = shapeProblems(SHAPE, node, 'this exercise');
  problems.push(...problemsOfKind(node));
  const text = new TextReader(problems);
  const begin = given(entry(node, 'given'), text);
  const others = readOthers(entry(node, 'others'), text);
  const checks = readChecks(entry(node, 'checks'), text);
  const exercise: Exercise = {
    id: `${around.lesson}/${text.string(entry(node, 'id'))}`,
    title: around.title,
    task: around.task,
    ...serverOf(entry(node, 'server'), around.servers, text),
    ...moduleOf(entry(entry(node, 'code'), 'module'), text),
    needs: itemsOf(entry(node, 'needs')).map(string),
    given: begin,
    others,
    checks,
    worlds: itemsOf(entry(node, 'worlds')).map((item) => readWorld(item, { given: begin, others }, text)),
    ...(isTrue(entry(node, 'parts')) && { parts: true as const }),
    hints: itemsOf(entry(node, 'hints')).map((hint) => text.string(hint)),
    solution: answer(entry(node, 'solution'), text, node.at),
    accept: itemsOf(entry(node, 'accept')).map((item) => answer(item, text, item.at)),
    reject: itemsOf(entry(node, 'reject')).map(
      (item): NearMiss => ({
        try: wrongAnswer(entry(item, 'try'), entry(entry(node, 'code'), 'module'), text, item.at),
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

function serverOf(
  node: YamlNode | undefined,
  servers: readonly CourseServer[],
  text: TextReader,
): Pick<Exercise, 'server'> {
  const name = node && text.string(node);
  if (!name) return {};
  const server = servers.find((one) => one.name === name);
  if (!server) text.report(node.at, `This lesson has no server "${name}".`, 'name one in its "servers"');
  return server ? { server } : {};
}

/** One check or a list of them. */
function readChecks(node: YamlNode | undefined, text: TextReader): Check[] {
  return (node?.kind === 'map' ? [node] : itemsOf(node)).flatMap((item) => {
    const read = readCheck(item);
    text.problems.push(...read.problems);
    const why = entry(item, 'why');
    if (why) text.string(why);
    return read.check ?? [];
  });
}

function readWorld(node: YamlNode, from: Pick<Exercise, 'given' | 'others'>, text: TextReader): World {
  text.problems.push(...worldProblems(node));
  const [own, also, where] = [entry(node, 'given'), entry(node, 'also'), entry(node, 'where')];
  const others = entry(node, 'others');
  return {
    ...(where && { where: text.string(where) }),
    given: own ? given(own, text) : [...from.given, ...given(also, text)],
    own: own ? 0 : from.given.length,
    others: others ? readOthers(others, text) : from.others,
    meanwhile: text.lines(entry(node, 'meanwhile') ?? entry(node, 'beside')),
    beside: entry(node, 'beside') !== undefined,
    dies: isTrue(entry(node, 'dies')),
    onlyCode: entry(node, 'only') !== undefined,
    checks: readChecks(entry(node, 'checks'), text),
    at: node.at,
  };
}

function worldProblems(node: YamlNode): Problem[] {
  if (node.kind !== 'map') return [error(node.at, 'A world is a map.', WORLD_HINT)];
  const problems = shapeProblems(WORLD_SHAPE, node, 'this world');
  const [own, also] = [entry(node, 'given'), entry(node, 'also')];
  if (own && also)
    problems.push(
      error(also.at, '"also" comes on top of the given state that "given" replaces.', 'keep one'),
    );
  const checks = entry(node, 'checks');
  if (checks?.kind === 'list' && checks.items.length === 0)
    problems.push(error(checks.at, '"checks" is empty.', 'say what must hold in this world'));
  const others = ['meanwhile', 'beside', 'dies'].flatMap((name) => entry(node, name) ?? []);
  if (others.length > 1)
    problems.push(
      error(others[1]!.at, 'A world has one of "meanwhile", "beside" and "dies".', 'make two of it'),
    );
  const [dies] = [entry(node, 'dies')];
  const at = entry(node, 'meanwhile') ?? entry(node, 'beside');
  if (!own && !also && !at && !isTrue(dies) && !entry(node, 'others'))
    problems.push(error(node.at, 'This world is the one of the exercise itself.', WORLD_HINT));
  return problems;
}

const WORLD_HINT = 'say what is different there: given, also, others, meanwhile, beside or dies: true';

function isTrue(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && node.value === true;
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

function answer(node: YamlNode | undefined, text: TextReader, at: Position): LinesAnswer {
  return { kind: 'lines', lines: text.lines(node), at: node?.at ?? at };
}

/** An exercise is of lines, with checks and a solution, or of code, where its folder holds all that. */
function problemsOfKind(node: YamlNode): Problem[] {
  if (node.kind !== 'map') return [];
  const module = entry(entry(node, 'code'), 'module');
  if (!module)
    return ['checks', 'solution'].flatMap((name) =>
      entry(node, name) ? [] : error(node.at, `"${name}" is missing in this exercise.`),
    );
  const stray = [
    'given',
    'server',
    'needs',
    'others',
    'checks',
    'worlds',
    'solution',
    'accept',
    'equivalent',
  ];
  return stray.flatMap((name) => {
    const found = entry(node, name);
    const hint = 'its scenario says what must hold; leave this out';
    return found ? error(found.at, `A code exercise has no "${name}".`, hint) : [];
  });
}

function moduleOf(node: YamlNode | undefined, text: TextReader): Pick<Exercise, 'module'> {
  if (!node) return {};
  const folder = text.string(node);
  if (!MODULE_FOLDER.test(folder)) return {};
  // What is in its files is read later on.
  return { module: { folder, starters: {}, solutions: [], scenario: { file: '', source: '' }, at: node.at } };
}

function wrongAnswer(
  node: YamlNode | undefined,
  module: YamlNode | undefined,
  text: TextReader,
  at: Position,
): Answer {
  const file = entry(node, 'module');
  if (file) {
    const name = text.string(file);
    if (!module) text.report(file.at, 'Only a code exercise has wrong modules.', 'write {node: ...}');
    const path = `${module ? text.string(module) : ''}/${name}`;
    return { kind: 'code', language: languageOf(name) ?? 'node', source: '', file: path, at: file.at };
  }
  const program = entry(node, 'node');
  return program
    ? { kind: 'code', language: 'node', source: text.string(program), at: program.at }
    : answer(node, text, at);
}

function snippets(exercise: YamlNode, language: 'node' | 'python', text: TextReader): CodeAnswer[] {
  const node = entry(entry(exercise, 'code'), language);
  if (node === undefined) return [];
  return (node.kind === 'list' ? node.items : [node]).map((item) => ({
    kind: 'code',
    language,
    source: text.string(item),
    at: item.at,
  }));
}
