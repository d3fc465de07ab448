import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import { describe, expect, test } from 'vitest';

/** What any file may import, and what imports nothing of ours but each other. */
const FOR_ALL = ['failure.ts', 'folders.ts', 'alive.ts', 'built.ts'];

/** What each folder of src, and each file beside them, may import besides itself and what is for all. */
const below: Record<string, string[]> = {
  ...Object.fromEntries(FOR_ALL.map((file) => [file, []])),
  course: [],
  redis: [],
  sandbox: ['redis', 'course'],
  checks: ['code', 'redis', 'course'],
  code: ['redis', 'course'],
  engine: ['checks', 'code', 'sandbox', 'redis', 'course'],
  ui: ['engine', 'checks', 'code', 'sandbox', 'redis', 'course'],
  report: ['ui', 'engine', 'checks', 'code', 'sandbox', 'redis', 'course'],
  repl: ['ui', 'engine', 'checks', 'code', 'sandbox', 'redis', 'course'],
  class: ['ui', 'engine', 'checks', 'code', 'sandbox', 'redis', 'course'],
  commands: ['repl', 'report', 'class', 'ui', 'engine', 'checks', 'code', 'sandbox', 'redis', 'course'],
  'api.ts': [],
  'index.ts': ['api.ts', 'report', 'engine', 'checks', 'code', 'sandbox', 'redis', 'course'],
  'cli.ts': ['commands', 'report', 'ui'],
};

/** Programs: they import, and nobody imports them. */
const PROGRAMS = ['cli.ts', 'index.ts'];

const src = join(import.meta.dirname, '..', 'src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
);
const textOf = (file: string) => readFileSync(join(src, file), 'utf8');
/** Of each file all that it imports of ours, types too, as paths from src. */
const imports = new Map(files.map((file) => [file, importsOf(file, textOf(file))]));

/**
 * The files that a source names in `import`, `export ... from`, `import()` and `import('...').Type`. What is imported by
 * a name that is made as it runs has `?` in its place: nobody can tell what it is.
 */
function importsOf(file: string, text: string): string[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const named: string[] = [];
  const add = ({ source }: { source: { type: string; value?: unknown } | null }) => {
    if (source) named.push(typeof source.value === 'string' ? source.value : '?');
  };
  new Visitor({
    ImportDeclaration: add,
    ExportNamedDeclaration: add,
    ExportAllDeclaration: add,
    ImportExpression: add,
    TSImportType: add,
  }).visit(program);
  return named.flatMap((name) => {
    if (name === '?') return [name];
    return name.startsWith('.') ? [normalize(join(dirname(file), name))] : [];
  });
}

/** The folder of src, or the file beside them, that a file belongs to. */
function layerOf(file: string): string {
  return file.split(sep)[0]!;
}

/** One circle, as `a -> b -> a`, for every set of files that lead to each other. */
function circlesIn(graph: ReadonlyMap<string, string[]>): string[] {
  const reachable = (from: string) => {
    const seen = new Set<string>();
    const queue = [...(graph.get(from) ?? [])];
    for (const file of queue) {
      if (seen.has(file)) continue;
      seen.add(file);
      queue.push(...(graph.get(file) ?? []));
    }
    return seen;
  };
  const reach = new Map([...graph.keys()].map((file) => [file, reachable(file)]));
  const told = new Set<string>();
  return [...graph.keys()].flatMap((file) => {
    if (told.has(file) || !reach.get(file)!.has(file)) return [];
    for (const other of reach.get(file)!) if (reach.get(other)?.has(file)) told.add(other);
    return [shortestWay(graph, file, file).join(' -> ')];
  });
}

function shortestWay(graph: ReadonlyMap<string, string[]>, from: string, to: string): string[] {
  const ways = [[from]];
  for (const way of ways) {
    for (const next of graph.get(way.at(-1)!) ?? []) {
      if (next === to) return [...way, to];
      if (!ways.some((other) => other.at(-1) === next)) ways.push([...way, next]);
    }
  }
  return [];
}

describe('the files of src', () => {
  test('lie in folders that are known', () => {
    expect(files.filter((file) => !(layerOf(file) in below))).toEqual([]);
    expect(files.map(layerOf)).toEqual(expect.arrayContaining(['course', 'redis', 'engine', 'commands']));
  });

  test('import what lies below them, and no program', () => {
    const wrong = [...imports].flatMap(([file, targets]) =>
      targets
        .filter((target) => {
          const [from, to] = [layerOf(file), layerOf(target)];
          return PROGRAMS.includes(to) || !(from === to || FOR_ALL.includes(to) || below[from]?.includes(to));
        })
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('lead nowhere back to themselves', () => {
    expect(circlesIn(imports)).toEqual([]);
  });

  test('print nothing at or below the engine', () => {
    const silent = ['course', 'redis', 'checks', 'code', 'sandbox', 'engine'];
    const wrong = files
      .filter((file) => silent.includes(layerOf(file)))
      .filter((file) => /console\.|process\.std(out|err)/.test(textOf(file)));
    expect(wrong).toEqual([]);
  });
});

describe('of imports are seen', () => {
  test.each([
    [`import { a } from '../redis/a.ts';`, ['redis/a.ts']],
    [`import { a } from "./a.ts";`, ['ui/a.ts']],
    [`import type { A } from './a.ts';`, ['ui/a.ts']],
    [`import { type A } from './a.ts';`, ['ui/a.ts']],
    [`import './a.ts';`, ['ui/a.ts']],
    [`export * from './a.ts';`, ['ui/a.ts']],
    [`export { a } from './a.ts';`, ['ui/a.ts']],
    [`export type { A } from './a.ts';`, ['ui/a.ts']],
    [`const a = async () => (await import("./a.ts")).a;`, ['ui/a.ts']],
    [`let a: import('./a.ts').A;`, ['ui/a.ts']],
    [`const a = (name: string) => import(name);`, ['?']],
    [`import { join } from 'node:path'; import z from 'zod'; export const a = 1;`, []],
    [`// import { a } from './a.ts'\nconst text = "import './a.ts'";`, []],
  ])('%s', (text, expected) => {
    expect(importsOf('ui/file.ts', text)).toEqual(expected);
  });
});

describe('circles', () => {
  const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

  test('are found, however long, and each is told once', () => {
    expect(circlesIn(graph({ a: ['b'], b: ['c'], c: ['a', 'd'], d: [] }))).toEqual(['a -> b -> c -> a']);
    expect(circlesIn(graph({ a: ['a'], b: ['c'], c: ['b'] }))).toEqual(['a -> a', 'b -> c -> b']);
  });

  test('are none where two ways lead to one file', () => {
    expect(circlesIn(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
  });
});
