import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { expect, test } from 'vitest';

/** What each folder of src may import from, besides itself and the files beside cli.ts. */
const below: Record<string, string[]> = {
  course: [],
  redis: [],
  checks: ['course', 'redis'],
  sandbox: ['course', 'redis'],
  code: ['course', 'redis'],
  engine: ['checks', 'code', 'sandbox', 'course', 'redis'],
  ui: ['engine', 'checks', 'course', 'redis'],
  report: ['ui', 'engine', 'checks', 'sandbox', 'course', 'redis'],
  repl: ['ui', 'engine', 'checks', 'sandbox', 'course', 'redis'],
  commands: ['repl', 'report', 'ui', 'engine', 'checks', 'sandbox', 'course', 'redis'],
};

const src = join(import.meta.dirname, '..', 'src');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...found].map((match) => normalize(join(dirname(file), match[1]!)));
}

function folderOf(file: string): string {
  return file.includes(sep) ? file.split(sep)[0]! : '';
}

test('there are sources to look at, in the folders that are known', () => {
  expect(new Set(sources.map(folderOf))).toEqual(new Set(['', ...Object.keys(below)]));
});

test('imports point one way', () => {
  const wrong = sources
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
    .filter(({ file, target }) => {
      const [from, to] = [folderOf(file), folderOf(target)];
      if (from === '' || from === to) return false;
      if (to === '') return target === 'cli.ts';
      return !below[from]!.includes(to);
    })
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(wrong).toEqual([]);
});

test('nothing at or below the engine prints', () => {
  const silent = ['course', 'redis', 'checks', 'sandbox', 'code', 'engine'];
  const wrong = sources
    .filter((file) => !file.endsWith('.test.ts') && silent.includes(folderOf(file)))
    .filter((file) => /console\.|process\.std(out|err)/.test(readFileSync(join(src, file), 'utf8')));
  expect(wrong).toEqual([]);
});
