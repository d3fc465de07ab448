import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pythonMissing } from '../src/engine/code-runner.ts';
import { run } from './setup/run.ts';
import { folder } from './setup/sandbox-stage.ts';

/** Answers that the course does not list, and what is right; `{now+N}` is the moment in N seconds, `{nowms+N}` in ms. */
interface Row {
  id: string;
  answer: string[];
  code?: 'python' | 'node';
  want: 'passed' | 'failed';
  why: string;
}

const file = join(import.meta.dirname, '..', 'fixtures', 'verdicts', 'answers.jsonl');
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);
const withoutPython = (await pythonMissing()) !== undefined;

/** An answers file holds one answer to an exercise: as many rounds as the exercise with most answers has. */
function rounds(these: Row[]): Row[][] {
  const byRound: Row[][] = [];
  const seen = new Map<string, number>();
  for (const row of these) {
    const round = seen.get(row.id) ?? 0;
    seen.set(row.id, round + 1);
    byRound[round] ??= [];
    byRound[round].push(row);
  }
  return byRound;
}

async function judge(round: Row[]) {
  const dir = folder();
  const sections = round.map(({ id, answer, code }, index) => {
    const now = Date.now();
    const lines = answer.map((line) =>
      line
        .replace(/\{now\+(\d+)\}/g, (_, seconds) => String(Math.floor(now / 1000) + Number(seconds)))
        .replace(/\{nowms\+(\d+)\}/g, (_, ms) => String(now + Number(ms))),
    );
    if (!code) return `== ${id}\n${lines.join('\n')}`;
    const name = `${index}.${code === 'python' ? 'py' : 'mjs'}`;
    writeFileSync(join(dir, name), `${lines.join('\n')}\n`);
    return `== ${id}\n@file ${name}`;
  });
  const answers = join(dir, 'answers.txt');
  writeFileSync(answers, `#! rediscover answers v1\n${sections.join('\n')}\n`);
  const { stdout } = await run(['check', '--answers', answers, '--answered', '--format', 'json'], {
    home: dir,
  });
  const report = JSON.parse(stdout) as {
    exercises: { id: string; status: string; checks: { message: string }[] }[];
  };
  return round.map(({ id, why, want }) => {
    const found = report.exercises.find((exercise) => exercise.id === id)!;
    const said = found.checks.map(({ message }) => message).filter(Boolean);
    return { id, why, want, is: found.status, said };
  });
}

describe('answers that the course does not list are judged right', () => {
  const lines = rows.filter(({ code }) => !code);
  test.each(rounds(lines).map((round, index) => [index + 1, round] as const))(
    'lines, round %i',
    async (_, round) => {
      expect((await judge(round)).filter(({ want, is }) => want !== is)).toEqual([]);
    },
  );

  test
    .skipIf(withoutPython)
    .each(rounds(rows.filter(({ code }) => code === 'python')).map((round) => [round]))(
    'code in Python',
    async (round) => {
      expect((await judge(round)).filter(({ want, is }) => want !== is)).toEqual([]);
    },
  );
});
