import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Typist } from '../../test/setup/at-prompt.ts';
import { courseOf } from '../../test/setup/lesson.ts';
import { exercisesOf } from '../course/course.ts';
import { Attempt } from '../engine/attempt.ts';
import { openProgress, type Progress } from '../engine/progress.ts';
import { EngineClient } from '../redis/engine-client.ts';
import { LearnerClient } from '../redis/learner-client.ts';
import { Relay } from '../redis/relay.ts';
import { openSandbox } from '../sandbox/open.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { LinesPractice } from './lines-practice.ts';
import type { Prompt } from './prompt.ts';
import { Screen } from './screen.ts';

const LOGIN = `id: login
given:
  - SET cart:9 "2 apples"
checks:
  - key: session:xyz
    string: user_data
    ttl: 1800
  - avoided: [FLUSHDB, GETSET]
hints: [a, b, c]
solution: SET session:xyz user_data EX 1800`;

let real: Sandbox;
let wire: Relay;
/** The real one, whose connections go over the wire. */
let sandbox: Sandbox;
/** What went from the program to the server. */
let sent: string[];
const open: (() => unknown)[] = [];

beforeAll(async () => {
  real = await openSandbox();
  wire = await Relay.listen(real.target, { host: '127.0.0.1', port: 0 });
  const { username, password } = real.target;
  const target = { host: '127.0.0.1', port: wire.port, username: username!, password: password! };
  const [engine, learner] = await Promise.all([EngineClient.connect(target), LearnerClient.connect(target)]);
  sandbox = Object.create(real, { engine: { value: engine }, learner: { value: learner } });
  await real.url();
});
beforeEach(() => {
  sent = [];
  wire.onCommand = ({ args }) => sent.push(String(args[0]).toUpperCase());
});
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(async () => {
  wire?.close();
  await real?.close();
});

interface Stage {
  typist: Typist;
  practice: LinesPractice;
  prompt: Prompt;
  progress: Progress;
  /** Runs a line; what was shown of it. */
  said: (line: string) => Promise<string>;
}

/** A learner who has been shown the task. */
async function practising(block = LOGIN): Promise<Stage> {
  const course = await courseOf(block);
  const exercise = exercisesOf(course)[0]!;
  const typist = new Typist();
  const screen = new Screen(typist.output);
  const prompt = await typist.prompt({ onInterrupt: () => {} });
  const file = join(mkdtempSync(join(tmpdir(), 'rediscover-practice-')), 'progress.json');
  const progress = await openProgress(course, { file });
  const attempt = await Attempt.begin(sandbox, exercise);
  const practice = new LinesPractice({ exercise, attempt, screen, prompt, progress });
  open.push(() => {
    practice.leave();
    prompt.close();
  });
  await practice.task();
  screen.line('(begun)');
  await typist.until('(begun)');
  const said = async (line: string) => {
    await practice.try(line);
    screen.line('(end)');
    return (await typist.until('(end)')).replace('(end)', '').trim();
  };
  return { typist, practice, prompt, progress, said };
}

/** A plain node-redis client that comes in by the door for others. */
async function otherClient() {
  const client = createClient({ url: await real.url() });
  client.on('error', () => {});
  await client.connect();
  open.push(() => client.destroy());
  return client;
}

describe('a line', () => {
  test('is told by what it answered, what it changed and what is missing', async () => {
    const { said, practice, progress } = await practising();
    expect(await said('SET session:xyz user_data')).toMatch(
      /^OK\n\+ session:xyz {2}string "user_data"\nNot yet: session:xyz has no expiry; it should expire in 30 minutes/,
    );
    expect(await said('EXPIRE session:xyz 1800')).toMatch(
      /^\(integer\) 1\n~ session:xyz.*\n.*Solved: Step 0\n/,
    );
    expect(practice.solved).toBe(true);
    expect(progress.markOf('one/login')).toMatchObject({ status: 'solved', attempts: 2 });
    expect(await said('SET cart:9 pears')).toBe('OK\n~ cart:9  "2 apples" → "pears"');
  });

  test('takes two commands: its own, and one look', async () => {
    const { said } = await practising();
    await said('GET cart:9');
    sent = [];
    await said('SET session:xyz user_data');
    await said('EXPIRE session:xyz 1800');
    expect(sent).toEqual(['SET', 'EVALSHA', 'EXPIRE', 'EVALSHA']);
  });

  test('that touches the key which is wrong is answered, also where nothing new can be said', async () => {
    const { said } = await practising();
    await said('SET session:xyz user_data EX 30');
    expect(await said('EXPIRE session:xyz 60')).toContain('Not yet: session:xyz should expire in 30 minutes');
    expect(await said('EXPIRE session:xyz 90')).toContain('Not yet: session:xyz should expire in 30 minutes');
    expect(await said('SET other thing')).toBe('OK\n+ other  string "thing"');
    expect(await said('GET other')).toBe('"thing"');
  });

  test('that does what is forbidden hears of that first, and again until it begins anew', async () => {
    const { said } = await practising();
    expect(await said('GETSET more data')).toMatch(/^\(nil\)\n\+ more.*\nNot yet: [^:]*GETSET/);
    expect(await said('SET more data2')).toMatch(/\nNot yet: [^:]*GETSET/);
    expect(await said('GET more')).toBe('"data2"');
  });

  test('that destroys what was given hears of that before anything else', async () => {
    const { said } = await practising();
    expect(await said('FLUSHDB')).toMatch(/^OK\n- cart:9.*\nNot yet: cart:9 is gone/);
  });

  test('inside a transaction waits for EXEC, and one without balance is not sent', async () => {
    const { said } = await practising();
    await said('MULTI');
    expect(await said('SET session:xyz user_data')).toBe('QUEUED');
    expect(await said('EXEC')).toContain('Not yet: session:xyz has no expiry');
    expect(await said('SET "session')).toMatch(/^Invalid argument\(s\)\nThe quotes do not balance/);
  });
});

describe('what another client does', () => {
  test('is told as what is typed, above the line that is being typed', async () => {
    const { typist, practice, prompt } = await practising();
    practice.follow(real.relay!);
    const client = await otherClient();
    const next = prompt.next('redis> ');
    typist.type('GET ca');
    await typist.until('redis> GET ca');
    await client.set('session:xyz', 'user_data');
    const told = await typist.until('redis> GET ca');
    expect(told).toMatch(
      /^\n?\+ session:xyz {2}string "user_data"\nNot yet: session:xyz has no expiry; .*\nredis> GET ca$/,
    );
    await client.expire('session:xyz', 1800);
    await typist.until('Solved: Step 0');
    await typist.until('redis> GET ca');
    typist.line('rt:9');
    expect(await next).toBe('GET cart:9');
  });

  test('is told once, and not at all where it only looks', async () => {
    const { typist, practice, said } = await practising();
    practice.follow(real.relay!);
    const client = await otherClient();
    await client.set('session:xyz', 'user_data');
    await typist.until('Not yet: ');
    await client.get('session:xyz');
    await client.set('other', 'thing');
    await typist.until('+ other  string "thing"');
    expect(await said('GET other')).toBe('"thing"');
    expect(typist.text.match(/Not yet/g)).toHaveLength(1);
    expect(typist.text.match(/\+ session:xyz/g)).toHaveLength(1);
  });

  test('in a burst is told as one, and not judged for each', async () => {
    const { typist, practice, said } = await practising();
    practice.follow(real.relay!);
    const client = await otherClient();
    sent = [];
    await Promise.all(Array.from({ length: 500 }, (_, index) => client.set('session:xyz', `user ${index}`)));
    await typist.until('Not yet: session:xyz should be "user_data"; it is "user 499".\n');
    expect(sent.length).toBeLessThan(100);
    expect(await said('GET session:xyz')).toBe('"user 499"');
    expect(typist.text.match(/Not yet/g)).toHaveLength(1);
    expect(typist.text.match(/[+~] session:xyz/g)).toHaveLength(1);
  });

  test('while a line is on its way is told along with that', async () => {
    const { typist, practice, said } = await practising();
    practice.follow(real.relay!);
    const client = await otherClient();
    // What the client said of itself as it connected has been judged by then.
    await said('PING');
    const waiting = practice.try('BLPOP queue 0');
    await client.set('session:xyz', 'user_data', { EX: 1800 });
    expect(practice.solved).toBe(false);
    await client.rPush('queue', 'go');
    await waiting;
    await typist.until('2) "go"\n+ session:xyz');
    await typist.until('Solved: Step 0');
  });

  test('is told no more to whoever has left the exercise', async () => {
    const { typist, practice, said } = await practising();
    practice.follow(real.relay!);
    const client = await otherClient();
    await client.set('session:xyz', 'user_data');
    practice.leave();
    await said('"');
    expect(typist.text).not.toContain('Not yet');
  });
});
