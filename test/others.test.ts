import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, Exercise } from '../src/course/course.ts';
import { Attempt } from '../src/engine/attempt.ts';
import { Runner } from '../src/engine/runner.ts';
import { Worlds } from '../src/engine/worlds.ts';
import { interrupt } from '../src/redis/interrupt.ts';
import { LearnerClient } from '../src/redis/learner-client.ts';
import { openSandbox } from '../src/sandbox/open.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import { COURSE, courseFolder, lessonWith } from './setup/course-folder.ts';
import { courseOf } from './setup/lesson.ts';
import { run } from './setup/run.ts';
import { serve } from './setup/sandbox-stage.ts';

const AT = { file: 'answers', line: 1, column: 1 };
const HINTS = 'hints: [one, two, three]';

let runner: Runner;
beforeAll(async () => {
  runner = new Runner(await openSandbox(), {
    reopen: () => openSandbox(),
    aside: () => openSandbox(),
    limit: 2000,
  });
});
afterAll(() => runner?.close());

async function exercise(yaml: string, solution = 'PING'): Promise<Exercise> {
  const course = await courseOf(`id: it\n${yaml}\n${HINTS}\nsolution: ${solution}`);
  return course.lessons[0]!.steps[0]!.exercise!;
}

function lines(...texts: string[]): Answer {
  return { kind: 'lines', at: AT, lines: texts.map((text) => ({ text, at: AT })) };
}

async function verdictOn(it: Exercise, ...texts: string[]) {
  const { verdict } = await runner.run(it, lines(...texts));
  return { status: verdict.status, said: verdict.checks.map(({ message }) => message).join(' ') };
}

describe('a command that waits', () => {
  const FED = `others:
  - when: blocked
    run: RPUSH printer:jobs poster.pdf
checks:
  - reply: [printer:jobs, poster.pdf]`;

  test('gets what another client pushes once it waits', async () => {
    expect(await verdictOn(await exercise(FED), 'BLPOP printer:jobs 0')).toMatchObject({ status: 'passed' });
  });

  test('never gets it where nobody waits: nothing is pushed', async () => {
    const { status, said } = await verdictOn(await exercise(FED), 'LPOP printer:jobs');
    expect(status).toBe('failed');
    expect(said).toContain('answered (nil)');
  });

  test('that nobody serves is told of as that, though the server answers it first when it is let go', async () => {
    const { engine, learner } = runner.sandbox;
    const send = engine.send.bind(engine);
    let late = 0;
    engine.send = async (command) => {
      const reply = await send(command);
      if (command[0] !== 'CLIENT' || command[1] !== 'UNBLOCK') return reply;
      await learner.idle();
      late++;
      // What waits for the learner's reply goes on before this does.
      return new Promise((resolve) => setImmediate(() => resolve(reply)));
    };
    try {
      expect(await verdictOn(await exercise('checks:\n  - {key: a, exists: false}'), 'BLPOP q 0')).toEqual({
        status: 'failed',
        said: expect.stringContaining('BLPOP q 0 is served by nobody'),
      });
      expect(late).toBe(1);
    } finally {
      engine.send = send;
    }
  });

  test('is served in the other world too, where another item comes', async () => {
    const it = await exercise(`${FED}
worlds:
  - where: another job comes
    others:
      - when: blocked
        run: RPUSH printer:jobs map.pdf
    checks: { reply: [printer:jobs, map.pdf] }`);
    expect(await verdictOn(it, 'BLPOP printer:jobs 0')).toMatchObject({ status: 'passed' });
    const typed = await verdictOn(it, 'RPUSH printer:jobs poster.pdf', 'BLPOP printer:jobs 0');
    expect(typed.status).toBe('failed');
    expect(typed.said).toContain('another job comes');
  });

  test('is served behind one that has waited longer, each time anew', async () => {
    const it = await exercise(`others:
  - waits: BLPOP taxi:rank 0
  - when: blocked
    run: RPUSH taxi:rank cab:1 cab:2
checks:
  - reply: [taxi:rank, cab:2]`);
    // One that was left waiting would take what belongs to the next attempt.
    for (let time = 0; time < 3; time++)
      expect(await verdictOn(it, 'BLPOP taxi:rank 0')).toMatchObject({ status: 'passed' });
    expect(await verdictOn(it, 'PING')).toMatchObject({ status: 'failed' });
    expect(await verdictOn(it, 'BLPOP taxi:rank 0')).toMatchObject({ status: 'passed' });
  });

  test('of a course is at fault where it does not wait', async () => {
    const it = await exercise(`given: [RPUSH taxi:rank cab:1]
others:
  - waits: BLPOP taxi:rank 0
checks:
  - reply: PONG`);
    const { verdict } = await runner.run(it, lines('PING'));
    expect(verdict.status).toBe('error');
    expect(verdict.error?.message).toContain('is answered at once, and was to wait');
  });
});

describe('what is published', () => {
  const HEARD = `others:
  - subscribes: kitchen
  - psubscribes: kit*
checks:
  - published: ready
    channel: kitchen
    heard: 2`;

  test.each([
    [['PUBLISH kitchen ready'], 'passed', ''],
    [['MULTI', 'PUBLISH kitchen ready', 'EXEC'], 'passed', ''],
    [[`EVAL "return redis.call('publish', KEYS[1], ARGV[1])" 1 kitchen ready`], 'passed', ''],
    [['PUBLISH kitchn ready'], 'failed', 'what was published is "ready" on kitchn'],
    [['PUBLISH kitchen Ready'], 'failed', '"Ready" on kitchen'],
    [['MULTI', 'PUBLISH kitchen ready', 'DISCARD'], 'failed', 'nothing was published yet'],
    [['MULTI', 'PUBLISH kitchen ready'], 'failed', 'nothing was published yet'],
    [['SET kitchen ready'], 'failed', 'nothing was published yet'],
  ])('by %j is %s', async (typed, status, words) => {
    const verdict = await verdictOn(await exercise(HEARD), ...typed);
    expect(verdict.said).toContain(words);
    expect(verdict.status).toBe(status);
  });

  test('counts those who heard it, and nobody of an earlier attempt', async () => {
    const it = await exercise(HEARD);
    for (let time = 0; time < 3; time++)
      expect(await verdictOn(it, 'PUBLISH kitchen ready')).toMatchObject({ status: 'passed' });
    const alone = await exercise('checks:\n  - published: ready\n    channel: kitchen\n    heard: 0');
    expect(await verdictOn(alone, 'PUBLISH kitchen ready')).toMatchObject({ status: 'passed' });
    expect(await verdictOn(alone, 'SUBSCRIBE kitchen')).toMatchObject({ status: 'failed' });
    // Its own subscription has ended with it.
    expect(await verdictOn(alone, 'PUBLISH kitchen ready')).toMatchObject({ status: 'passed' });
  });
});

describe('what comes to a subscriber', () => {
  const DOOR = `others:
  - when: subscribed
    run: [PUBLISH door open, PUBLISH dor no, PUBLISH door shut]
checks:
  - received: [open, shut]`;

  test.each([
    [['SUBSCRIBE door'], 'passed', ''],
    [['SUBSCRIBE door other'], 'passed', ''],
    [['SUBSCRIBE dor', 'UNSUBSCRIBE', 'SUBSCRIBE door'], 'passed', ''],
    [['PSUBSCRIBE doo?'], 'passed', ''],
    [['SUBSCRIBE dor'], 'failed', '"open" and "shut" should come, in this order; "no" came'],
    [['PSUBSCRIBE d*'], 'failed', '"open", "no" and "shut" came'],
    [['SUBSCRIBE nowhere'], 'failed', 'nothing came'],
    [['SUBSCRIBE dor', 'UNSUBSCRIBE', 'SUBSCRIBE nowhere'], 'failed', 'nothing came'],
    [['PUBLISH door open', 'PUBLISH door shut'], 'failed', 'nothing came'],
  ])('of %j is %s', async (typed, status, words) => {
    const verdict = await verdictOn(await exercise(DOOR), ...typed);
    expect(verdict.said).toContain(words);
    expect(verdict.status).toBe(status);
  });

  test('by a channel and by a pattern comes twice', async () => {
    const it = await exercise(`others:
  - when: subscribed
    run: PUBLISH news:sport 2-1
checks:
  - received:
      - { message: 2-1, channel: news:sport }
      - { message: 2-1, pattern: "news:*" }
  - subscribed: news:sport
  - subscribed: "news:*"
    pattern: true`);
    expect(await verdictOn(it, 'SUBSCRIBE news:sport', 'PSUBSCRIBE news:*')).toMatchObject({
      status: 'passed',
    });
    expect((await verdictOn(it, 'SUBSCRIBE news:sport')).said).toContain(
      'news:* should be subscribed to as a pattern',
    );
  });

  test('of an earlier attempt never counts for a later one', async () => {
    const it = await exercise(DOOR);
    expect(await verdictOn(it, 'SUBSCRIBE door')).toMatchObject({ status: 'passed' });
    expect(await verdictOn(it, 'PING')).toMatchObject({ status: 'failed' });
    expect(await verdictOn(it, 'SUBSCRIBE other')).toMatchObject({ status: 'failed' });
  });
});

describe('at the prompt', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox();
  });
  afterAll(() => sandbox?.close());

  test('what others do and hear is told as it happens', async () => {
    const it = await exercise(`others:
  - subscribes: belt
  - when: blocked
    run: [RPUSH belt bag:1, PUBLISH belt moved]
checks:
  - reply: [belt, bag:1]`);
    const seen: string[] = [];
    const attempt = await Attempt.begin(sandbox, it, {
      onOthers: (one) =>
        seen.push(
          'args' in one
            ? one.args.join(' ')
            : `${one.kind} ${one.payload.type === 'bulk' ? one.payload.bytes : ''}`,
        ),
    });
    await attempt.run('BLPOP belt 0');
    expect(await attempt.judge()).toMatchObject({ status: 'passed' });
    expect(seen.filter((one) => !one.startsWith('subscribe'))).toEqual(
      expect.arrayContaining(['RPUSH belt bag:1', 'PUBLISH belt moved', 'message moved']),
    );
    await attempt.close();
  });

  test('what others do about a subscription comes behind the reply, and before the next line', async () => {
    const it = await exercise(`others:
  - when: subscribed
    run: PUBLISH door open
checks:
  - received: open`);
    const told: string[] = [];
    const attempt = await Attempt.begin(sandbox, it, {
      onOthers: (one) => 'args' in one && told.push(one.args.join(' ')),
    });
    await attempt.run('SUBSCRIBE door');
    told.push('the reply');
    await attempt.run('UNSUBSCRIBE door');
    expect(told).toEqual(['the reply', 'PUBLISH door open']);
    expect(await attempt.judge()).toMatchObject({ status: 'passed' });
    await attempt.close();
  });

  test('it is said on what nothing came', async () => {
    const it = await exercise(`others:
  - when: subscribed
    run: PUBLISH door:1 open
checks:
  - received: open`);
    expect(await verdictOn(it, 'SUBSCRIBE door:*', 'SUBSCRIBE window')).toMatchObject({
      said: '"open" should come; nothing came on door:* and window.',
    });
    expect(await verdictOn(it, 'PUBLISH door:1 open')).toMatchObject({
      said: '"open" should come; nothing came.',
    });
  });

  test('a wait for the wrong key that was stopped counts against nobody', async () => {
    const it = await exercise(`others:
  - when: blocked
    run: RPUSH belt bag:1
checks:
  - reply: [belt, bag:1]
worlds:
  - where: another bag comes
    others:
      - when: blocked
        run: RPUSH belt bag:2
    checks: { reply: [belt, bag:2] }`);
    const worlds = new Worlds(() => openSandbox(), 2000);
    const attempt = await Attempt.begin(sandbox, it, { worlds });
    const wrong = attempt.run('BLPOP bellt 0');
    let stopped = false;
    void wrong.finally(() => {
      stopped = true;
    });
    // As Ctrl-C does, until it is over.
    while (!stopped) await interrupt(sandbox.engine, sandbox.learner);
    await attempt.run('BLPOP belt 0');
    expect(await attempt.judge()).toMatchObject({ status: 'passed' });
    await attempt.close();
    await worlds.close();
  });

  test('what was left by Ctrl-C was left, in other worlds too', async () => {
    const it = await exercise(`given: [SET a 1]
others:
  - subscribes: news
checks:
  - reply: 1
    to: GET a
worlds:
  - where: a is 2
    given: [SET a 2]
    checks: { reply: 2, to: GET a }`);
    const worlds = new Worlds(() => openSandbox(), 2000);
    const attempt = await Attempt.begin(sandbox, it, { worlds });
    await attempt.run('SUBSCRIBE news');
    await sandbox.learner.unsubscribeAll();
    await attempt.run('GET a');
    const verdict = await attempt.judge();
    expect(verdict.checks.map(({ message }) => message).join('')).toBe('');
    expect(verdict.status).toBe('passed');
    await attempt.close();
    await worlds.close();
  });

  test('those who waited are gone with the attempt, and take nothing of what comes later', async () => {
    const it = await exercise('others:\n  - waits: BLPOP belt 0\nchecks:\n  - reply: PONG');
    const attempt = await Attempt.begin(sandbox, it);
    await attempt.close();
    const next = await exercise('given: [RPUSH belt bag:1]\nchecks:\n  - key: belt\n    list: [bag:1]');
    const later = await Attempt.begin(sandbox, next);
    expect(await later.judge()).toMatchObject({ status: 'passed' });
    await later.close();
  });
});

test('code that subscribes hears what comes, and that is judged; so is another language', async () => {
  const dir = await courseFolder({
    'course.yaml': COURSE,
    'first.md': lessonWith(`id: visit
others:
  - when: subscribed
    run: [PUBLISH door open, PUBLISH door shut]
checks:
  - received: [open, shut]
  - subscribed: door
    by: another
solution: SUBSCRIBE door
reject: [{ try: PING, because: door }, { try: SUBSCRIBE dor, because: door }, { try: GET a, because: door }]`),
    'right.mjs': listening('door'),
    'wrong.mjs': listening('*'),
    answers: '#! rediscover answers v1\n== first/visit\n@file right.mjs\n',
    wrong: '#! rediscover answers v1\n== first/visit\n@file wrong.mjs\n',
  });
  const check = (file: string) =>
    run(['check', '--course', dir, '--answers', join(dir, file), '--format', 'json', '--timeout', '1'], {
      home: dir,
    });
  const [right, wrong] = [await check('answers'), await check('wrong')];
  expect(JSON.parse(right.stdout).exercises[0]).toMatchObject({ status: 'passed' });
  expect(JSON.parse(wrong.stdout).exercises[0].checks[0].message).toContain('did not end within 1 s');
});

function listening(channel: string): string {
  return `const listener = client.duplicate();
await listener.connect();
await new Promise((resolve) => {
  let left = 2;
  listener.subscribe('${channel}', () => { if (--left === 0) resolve(); });
});
await listener.close();`;
}

test('who else listens on a named server is not heard, nor counted', async () => {
  const { port } = await serve();
  const redis = `redis://127.0.0.1:${port}`;
  const stranger = await LearnerClient.connect({ host: '127.0.0.1', port });
  await stranger.send(['SUBSCRIBE', 'kitchen'].map((word) => Buffer.from(word)));
  const named = new Runner(await openSandbox({ redis }), {
    reopen: () => openSandbox({ redis }),
    aside: () => openSandbox({ redis: null }),
  });
  try {
    const it = await exercise(
      'others:\n  - subscribes: kitchen\nchecks:\n  - { published: ready, channel: kitchen, heard: 1 }',
    );
    expect((await named.run(it, lines('PUBLISH kitchen ready'))).verdict.status).toBe('passed');
    const other = await exercise('checks:\n  - { key: a, string: b }');
    await named.run(other, lines('SET a b'));
    expect(named.sandbox.kind).toBe('named');
  } finally {
    stranger.close();
    await named.close();
  }
});
