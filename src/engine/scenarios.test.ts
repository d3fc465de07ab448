import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serverOf } from '../../test/setup/at-prompt.ts';
import type { ScheduleStory } from '../checks/verdict.ts';
import { type CodeAnswer, type Exercise, exercisesOf } from '../course/course.ts';
import { loadCourse } from '../course/load.ts';
import { openSandbox } from '../sandbox/open.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Scenarios } from './scenarios.ts';

const FILE = 'lessons/code/caching/second-call/wrong/set-then-expire.js';

/** The one that is judged on now. */
let sandbox: Sandbox;
const scenarios = new Scenarios(
  async () => {
    sandbox = await openSandbox();
    return sandbox;
  },
  { trusted: true },
);
let exercise: Exercise;
let code: CodeAnswer;
let story: ScheduleStory;
beforeAll(async () => {
  const { course } = await loadCourse('lessons');
  exercise = exercisesOf(course!).find(({ id }) => id === 'caching/second-call')!;
  const source = `console.log('read');\n${readFileSync(FILE, 'utf8')}`;
  code = { kind: 'code', language: 'node', source, file: 'second-call.js', at: exercise.at };
  story = (await scenarios.judge(exercise, code)).schedule!;
});
afterAll(() => scenarios.close());

async function kill(): Promise<void> {
  process.kill(await serverOf(sandbox.engine), 'SIGKILL');
}

test.each<[string, () => Promise<unknown>, unknown]>([
  ['judged', () => scenarios.judge(exercise, code), { status: 'failed', schedule: {} }],
  ['run', () => scenarios.run(exercise, code), { output: ['read'], message: '' }],
  [
    'replayed',
    () => scenarios.replay(exercise, code, story),
    { title: 'Whoever dies leaves no entry without an end' },
  ],
])('what is %s after its server was killed is so on another one', async (_, work, expected) => {
  await kill();
  expect(await work()).toMatchObject(expected as object);
});

test('what is asked for at once is done one after the other', async () => {
  const [verdict, { output }, again] = await Promise.all([
    scenarios.judge(exercise, code),
    scenarios.run(exercise, code),
    scenarios.replay(exercise, code, story),
  ]);
  expect(verdict.checks.filter(({ status }) => status === 'failed')).toHaveLength(1);
  expect(output).toEqual(['read']);
  expect(again.schedule.choices).toEqual(story.schedule.choices);
});
