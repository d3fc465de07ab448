import { afterAll, beforeAll, expect, test } from 'vitest';
import { COURSE, courseFolder, FRONT } from '../../test/setup/course-folder.ts';
import type { Step } from '../course/course.ts';
import { loadCourse } from '../course/load.ts';
import { printReply } from '../redis/print.ts';
import { openSandbox } from '../sandbox/open.ts';
import { runDemo, stageDemos } from './demo.ts';
import { Runner } from './runner.ts';

let runner: Runner;
beforeAll(async () => {
  runner = new Runner(await openSandbox(), {
    reopen: () => openSandbox(),
    aside: () => openSandbox(),
    limit: 500,
  });
});
afterAll(() => runner?.close());

/** The steps of a lesson, each with one demo. */
async function stepsOf(...demos: string[]): Promise<Step[]> {
  const steps = demos.map((lines, index) => `## Step ${index}\n\n\`\`\`redis demo\n${lines}\n\`\`\`\n`);
  const lesson = `${FRONT}\n${steps.join('\n')}`;
  const dir = await courseFolder({
    'course.yaml': COURSE.replace('[first/visit]', '[]'),
    'first.md': lesson,
  });
  const { course } = await loadCourse(dir);
  return course!.lessons[0]!.steps;
}

/** What is found wrong with the demos of a lesson, each the text of one step. */
async function faults(...demos: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const step of await stepsOf(...demos))
    for (const { line, message } of await runner.demos(step)) found.push(`${line.text} ${message}`);
  return found;
}

test('a demo that is right has no faults, and every line that answers an error is told', async () => {
  expect(await faults('SET a 1\nINCR a')).toEqual([]);
  expect(await faults('SET a x\nINCR a\nGET a\nLPUSH a x')).toEqual([
    expect.stringContaining('INCR a answers an error: ERR value is not an integer'),
    expect.stringContaining('LPUSH a x answers an error: WRONGTYPE'),
  ]);
});

test('a demo that waits for ever, or ends the connection, is told, and the next runs as ever', async () => {
  expect(
    await faults('BLPOP jobs 0\nGET a', "EVAL 'while true do end' 0", 'QUIT', 'SET a x\nINCR a'),
  ).toEqual([
    'BLPOP jobs 0 did not end within 0.5 s',
    "EVAL 'while true do end' 0 did not end within 0.5 s",
    'QUIT lost the connection to Redis',
    expect.stringContaining('INCR a answers an error'),
  ]);
});

test('what comes to the other client is shown once, each confirmation too', async () => {
  const [step] = await stepsOf('other> SUBSCRIBE a b\nother> SUBSCRIBE c\nPUBLISH c hello');
  const [demo] = step!.blocks.flatMap((block) => (block.kind === 'demo' ? [block] : []));
  const { sandbox } = runner;
  await stageDemos(sandbox, step!);
  const shown: string[] = [];
  for await (const { kind, reply } of runDemo(sandbox, demo!))
    shown.push(`${kind}: ${printReply(reply!).toString().replace(/\s+/g, ' ').trim()}`);
  expect(shown).toEqual([
    'line: 1) "subscribe" 2) "a" 3) (integer) 1',
    'other: 1) "subscribe" 2) "b" 3) (integer) 2',
    'line: 1) "subscribe" 2) "c" 3) (integer) 3',
    'line: (integer) 1',
    'other: 1) "message" 2) "c" 3) "hello"',
  ]);
});
