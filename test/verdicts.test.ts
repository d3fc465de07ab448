import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messagesOf } from '../src/checks/verdict.ts';
import { pythonMissing } from '../src/code/python.ts';
import { type Exercise, exercisesOf } from '../src/course/course.ts';
import { loadCourse } from '../src/course/load.ts';
import { RunnerPool } from '../src/engine/runner-pool.ts';
import { openSandbox } from '../src/sandbox/open.ts';
import { run } from './setup/run.ts';
import { folder, serve } from './setup/sandbox-stage.ts';

/** Answers that the course does not list, and what is right; `{now+N}` is the moment in N seconds, `{nowms+N}` in ms. */
interface Row {
  id: string;
  answer: string[];
  code?: 'node' | 'python';
  want: 'passed' | 'failed';
  why: string;
}

const file = join(import.meta.dirname, '..', 'fixtures', 'verdicts', 'answers.jsonl');
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);
const withoutPython = (await pythonMissing()) !== undefined;

let pool: RunnerPool;
let exercises: Map<string, Exercise>;
beforeAll(async () => {
  const { course } = await loadCourse(join(import.meta.dirname, '..', 'lessons'));
  exercises = new Map(exercisesOf(course!).map((exercise) => [exercise.id, exercise]));
  const sandboxes = await Promise.all([openSandbox(), openSandbox()]);
  pool = new RunnerPool(sandboxes, { reopen: () => openSandbox(), aside: () => openSandbox() });
});
afterAll(() => pool?.close());

/** The lines of an answer, with moments reckoned from now. */
function linesOf({ answer }: Row): string[] {
  const now = Date.now();
  return answer.map((line) =>
    line
      .replace(/\{now\+(\d+)\}/g, (_, seconds) => String(Math.floor(now / 1000) + Number(seconds)))
      .replace(/\{nowms\+(\d+)\}/g, (_, ms) => String(now + Number(ms))),
  );
}

/** What is judged otherwise than it is right. */
async function wrongOf(these: Row[], among = pool) {
  const judged = await among.map(these, async (row, runner) => {
    const at = { file: row.why, line: 1, column: 1 };
    const lines = linesOf(row).map((text) => ({ text, at }));
    const { verdict } = await runner.run(exercises.get(row.id)!, { kind: 'lines', lines, at });
    return { ...row, is: verdict.status, said: messagesOf(verdict) };
  });
  return judged.filter(({ want, is }) => want !== is);
}

/** The same for code, by the built program: no exercise has two of them. */
async function wrongCode(these: Row[], flags: string[] = []) {
  const dir = folder();
  const sections = these.map(({ id, answer, code }, index) => {
    const name = `${index}.${code === 'python' ? 'py' : 'mjs'}`;
    writeFileSync(join(dir, name), `${answer.join('\n')}\n`);
    return `== ${id}\n@file ${name}`;
  });
  const answers = join(dir, 'answers.txt');
  writeFileSync(answers, `#! rediscover answers v1\n${sections.join('\n')}\n`);
  const { stdout } = await run(['check', '--answers', answers, '--answered', '--format', 'json', ...flags], {
    home: dir,
  });
  const report = JSON.parse(stdout) as { exercises: { id: string; status: string }[] };
  const status = new Map(report.exercises.map((exercise) => [exercise.id, exercise.status]));
  return these.filter(({ id, want }) => status.get(id) !== want);
}

/** No exercise twice in a run, and not too many in one. */
function inRuns(these: Row[]): Row[][] {
  const runs: Row[][] = [];
  for (const row of these) {
    const free = runs.find((others) => others.length < 16 && others.every(({ id }) => id !== row.id));
    if (free) free.push(row);
    else runs.push([row]);
  }
  return runs;
}

describe('answers that the course does not list are judged right', () => {
  const lines = rows.filter(({ code }) => !code);
  const ids = [...new Set(lines.map(({ id }) => id))];
  test.each(ids)('%s', async (id) => {
    expect(await wrongOf(lines.filter((row) => row.id === id))).toEqual([]);
  });

  const code = rows.filter(({ code }) => code && !(code === 'python' && withoutPython));
  test.each(inRuns(code))('code, run %$', async (...these) => {
    expect(await wrongCode(these)).toEqual([]);
  });

  test('on a named server too', async () => {
    const { port } = await serve();
    const redis = `redis://127.0.0.1:${port}`;
    const reopen = () => openSandbox({ redis });
    const named = new RunnerPool([await reopen()], { reopen, aside: () => openSandbox() });
    try {
      // The server counts what a script ran, and so it does what we ask of it.
      const scripts = lines.filter(
        ({ answer }) => /\b(EVAL|FCALL)/i.test(answer.join()) && !/^FUNCTION/m.test(answer.join('\n')),
      );
      expect(scripts.length).toBeGreaterThan(40);
      expect(await wrongOf(scripts, named)).toEqual([]);
    } finally {
      await named.close();
    }
    expect(await wrongCode(inRuns(code).at(-1)!, ['--redis', redis])).toEqual([]);
  });

  test('code that fails where somebody gets in between is told so, with its line', async () => {
    const dir = folder();
    const answers = join(dir, 'answers.txt');
    writeFileSync(
      join(dir, 'gives-up.mjs'),
      `await client.watch('league:points')
await client.multi().zIncrBy('league:points', 3, 'blues').zIncrBy('league:points', -2, 'reds')
  .zIncrBy('league:points', 1, 'greys').exec()`,
    );
    writeFileSync(answers, '#! rediscover answers v1\n== sorted-sets/match-points\n@file gives-up.mjs\n');
    const { stdout } = await run(['check', '--answers', answers, '--answered'], { home: dir });
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'between your WATCH and your MULTI: The code failed: line 2: Error: One (or more) of the watched keys',
    );
  });
});
