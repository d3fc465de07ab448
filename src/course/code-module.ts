import {
  type CodeAnswer,
  type CodeModule,
  type Course,
  type Exercise,
  MODULE_ENDINGS,
  type Position,
  type Problem,
} from './course.ts';
import { hashOf } from './kept-course.ts';
import { error } from './problem.ts';
import { readBytes, sourceFromBytes } from './source.ts';

/** Where such a folder may be: nothing leads out of the course. */
export const MODULE_FOLDER = /^code(\/[a-z0-9]+(-[a-z0-9]+)*)+$/;
/** A wrong module within it. */
export const WRONG_MODULE = /^wrong\/[a-z0-9]+(-[a-z0-9]+)*\.(js|ts|py)$/;

/** The language of a module, by its name; undefined where that is none. */
export function languageOf(file: string): CodeAnswer['language'] | undefined {
  if (/\.(js|mjs|ts|mts)$/.test(file)) return 'node';
  return file.endsWith('.py') ? 'python' : undefined;
}

/**
 * Reads the files of a course's code exercises into them. Runs nothing. `files` gets the hash of each that may be there;
 * of one that is not, an empty text.
 */
export async function readModules(
  dir: string,
  { lessons }: Pick<Course, 'lessons'>,
  files: Record<string, string>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { exercise } of lessons.flatMap(({ steps }) => steps))
    if (exercise?.module) problems.push(...(await readModule(dir, exercise, exercise.module, files)));
  return problems;
}

async function readModule(
  dir: string,
  exercise: Exercise,
  module: CodeModule,
  files: Record<string, string>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const read = async (name: string, missing?: { at: Position; what: string }) => {
    const file = `${module.folder}/${name}`;
    const found = await readBytes(dir, file);
    problems.push(...found.problems);
    files[file] = found.bytes ? hashOf(found.bytes) : '';
    if (found.missing && missing)
      problems.push(error(missing.at, `${missing.what}: there is no file ${file}.`, 'write it'));
    if (!found.bytes) return undefined;
    const { source, problems: unclear } = sourceFromBytes(file, found.bytes);
    problems.push(...unclear);
    return source && { file, text: source.text };
  };
  const { at } = module;
  const scenario = await read('scenario.ts', { at, what: 'This exercise has no scenario' });
  if (scenario) module.scenario = { file: scenario.file, source: scenario.text };
  module.starters = {};
  module.solutions = [];
  for (const ending of MODULE_ENDINGS) {
    const starter = await read(`starter.${ending}`);
    if (starter) module.starters[ending] = starter.text;
    const solution = await read(`solution.${ending}`);
    if (solution) module.solutions.push(codeOf(solution, at));
  }
  if (Object.keys(module.starters).length === 0)
    problems.push(error(at, `This exercise has no starter in ${module.folder}.`, 'write starter.js there'));
  if (module.solutions.length === 0)
    problems.push(error(at, `This exercise has no solution in ${module.folder}.`, 'write solution.js there'));
  for (const { try: wrong, at: place } of exercise.reject) {
    if (wrong.kind !== 'code' || wrong.file === undefined) continue;
    const name = wrong.file.slice(module.folder.length + 1);
    const found = await read(name, { at: place, what: 'This near miss is not there' });
    if (found) wrong.source = found.text;
  }
  return problems;
}

function codeOf({ file, text }: { file: string; text: string }, at: Position): CodeAnswer {
  return {
    kind: 'code',
    language: languageOf(file)!,
    source: text,
    file,
    at: { ...at, file, line: 1, column: 1 },
  };
}
