import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from './setup/run.ts';
import { freshHome } from './setup/terminal.ts';

// Some of what src/engine/check-fixtures.test.ts judges without the program, through the program.

const FOLDER = join('fixtures', 'answers', 'check');

interface Row {
  files: string[];
  exercises?: string[];
  exit: number;
  results?: Record<string, string>;
  refused?: string[];
}

const rows = readFileSync(join(FOLDER, 'table.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

test.each([
  'right-lists',
  'wrong-choices',
  'wrong-module-looks-first',
  'odd-one-of-each',
  'odd-twice-in-two-files-a',
  'odd-whole-lesson-asked-for',
  'odd-header-alone',
  'odd-id-with-escapes',
])('the program says of %s what the table says', async (name) => {
  const { files, exercises, exit, results, refused } = rows.find(
    ({ files }) => files[0] === `${name}.answers`,
  )!;
  const answers = files.flatMap((file) => ['--answers', join(FOLDER, file)]);
  const asked = exercises ?? ['--only-answered'];
  const format = results ? ['--format', 'json'] : [];
  const { code, stdout, stderr } = await run(['check', ...asked, ...answers, ...format], {
    home: freshHome(),
  });
  expect(code).toBe(exit);
  if (results) {
    const report = JSON.parse(stdout) as { exitCode: number; exercises: { id: string; status: string }[] };
    expect(Object.fromEntries(report.exercises.map(({ id, status }) => [id, status]))).toEqual(results);
    expect(report.exitCode).toBe(exit);
  } else {
    for (const words of refused!) expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/[\x1b\u202e]/);
    expect(stdout).toBe('');
  }
});
