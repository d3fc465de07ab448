import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Learner } from '../../test/setup/at-prompt.ts';
import { openSandbox } from '../sandbox/open.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

const FOLDER = 'lessons/code/locks/own-release';
const starter = readFileSync(`${FOLDER}/starter.js`, 'utf8');
const solution = readFileSync(`${FOLDER}/solution.js`, 'utf8');

let sandbox: Sandbox;
let learner: Learner;
let file: string;
beforeAll(async () => {
  sandbox = await openSandbox();
  learner = await Learner.at({ sandbox, course: 'lessons', at: 'locks/own-release' });
  file = join(learner.work, 'locks', 'own-release.js');
});
afterAll(async () => {
  await learner?.close();
  await sandbox?.close();
  if (learner) rmSync(learner.work, { recursive: true, force: true });
});

// One sitting: each goes on where the one before it left off.

test('the starter lies in the work folder, and the screen says where', async () => {
  expect(readFileSync(file, 'utf8')).toBe(starter);
  expect(learner.text.replaceAll('\n', '')).toContain('own-release.js');
  expect(existsSync(join(learner.work, 'tsconfig.json'))).toBe(true);
  await learner.ask('.diff', /is the\s+starter/);
});

test('commands run at such an exercise too, and are judged as nothing', async () => {
  await learner.ask('PING', 'PONG');
});

test('what is saved is judged, and why it fails is shown', async () => {
  writeFileSync(file, `console.log('read');\n${starter}`);
  await learner.until('Not yet: The lock of A is over');
  await learner.until('~ lock:report expires ~');
  await learner.until('^ The lock of A is over');
  await learner.until('cases hold');
});

test('.check tells of every case, .replay goes through the schedule, .run shows what is printed', async () => {
  await learner.ask('.check', '✓ A lock is taken, let go, and to be had again');
  await learner.until('✗ What is over is not let go a second time');
  await learner.ask('.run', '  read');
  await learner.ask('.replay', '+ lock:report');
  learner.line('q');
  await learner.until('redis> ');
});

test('Ctrl-C gives up a line of .replay, and then .replay itself', async () => {
  await learner.ask('.replay', /1 of \d+> /);
  learner.type('bb\x03');
  await learner.until(/bb\^C\n1 of \d+> /);
  learner.type('\x03');
  expect(await learner.until('redis> ')).not.toContain('Ctrl-D leaves');
});

test('.diff shows what was changed, and a syntax error has its line', async () => {
  await learner.ask('.diff', "+console.log('read');");
  writeFileSync(file, 'export async function acquire( {\n');
  await learner.until("Not yet: The module can't be read: SyntaxError");
  await learner.until('own-release.js:1');
});

test('.reset keeps a copy, and begins with the starter', async () => {
  await learner.ask('.reset', 'own-release.1.js');
  await learner.until('Your turn.');
  await learner.until('redis> ');
  expect(readFileSync(file, 'utf8')).toBe(starter);
  expect(readdirSync(join(learner.work, 'locks')).sort()).toEqual(['own-release.1.js', 'own-release.js']);
});

test('what an editor puts in the place of the file is judged as well, and a right one solves it', async () => {
  writeFileSync(`${file}~`, solution);
  renameSync(`${file}~`, file);
  await learner.until('Solved: A token for each lease');
  expect(learner.kept['locks/own-release']).toMatchObject({ status: 'solved', language: 'javascript' });
});
