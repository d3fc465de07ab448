import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { courseOf } from '../../test/setup/lesson.ts';
import { openSandbox } from '../sandbox/open.ts';
import { testCourse } from './course-test.ts';
import { RunnerPool } from './runner-pool.ts';

let pool: RunnerPool;
/** The same, but that an answer has less time. */
let hasty: RunnerPool;
beforeAll(async () => {
  const options = { reopen: () => openSandbox(), aside: () => openSandbox(), keepsCode: true, trusted: true };
  const two = () => Promise.all([openSandbox(), openSandbox()]);
  pool = new RunnerPool(await two(), options);
  hasty = new RunnerPool(await two(), { ...options, limit: 1000 });
});
afterAll(async () => {
  await pool?.close();
  await hasty?.close();
});

async function findings(...blocks: string[]) {
  return findingsOn(pool, ...blocks);
}

async function findingsOn(runners: RunnerPool, ...blocks: string[]) {
  const result = await testCourse(await courseOf(...blocks), runners);
  return result.findings.map(({ subject, rule, message }) => ({ subject, rule, message }));
}

const sound = `id: sound
checks:
  - key: stock:12
    string: "41"
hints: [a, b, c]
solution: SET stock:12 41
reject:
  - { try: SET stock:12 14, because: '"41"' }`;

describe('a course test', () => {
  test('finds nothing wrong with a sound exercise, and counts what it tried', async () => {
    const result = await testCourse(await courseOf(sound), pool);
    expect(result.findings).toEqual([]);
    expect(result.counts).toMatchObject({ exercises: 1, answers: 1, rejects: 1 });
    expect(result.counts.mutants).toBeGreaterThan(3);
  });

  test('finds a given state that passes already', async () => {
    const given = sound.replace('checks:', 'given:\n  - SET stock:12 41\nchecks:');
    expect(await findings(given)).toContainEqual({
      subject: 'one/sound',
      rule: 'given-passes',
      message: 'passes before anything is done',
    });
  });

  test('finds a solution and an accepted answer that fail', async () => {
    const wrong = `${sound.replace('solution: SET stock:12 41', 'solution: SET stock:12 42')}
accept:
  - SET stock:21 41`;
    const found = await findings(wrong);
    expect(found).toContainEqual({
      subject: 'one/sound',
      rule: 'solution-fails',
      message: 'SET stock:12 42 does not pass: stock:12 should be "41"; it is "42".',
    });
    expect(found).toContainEqual({
      subject: 'one/sound',
      rule: 'accept-fails',
      message: expect.stringMatching(/^SET stock:21 41 does not pass: stock:12 is not there/),
    });
  });

  test('finds a near miss that passes, and one that fails for another reason', async () => {
    const found = await findings(
      sound.replace('{ try: SET stock:12 14,', '{ try: SET stock:12 "41",'),
      sound.replace('id: sound', 'id: reason').replace(`'"41"'`, 'has no expiry'),
    );
    expect(found.map(({ subject, rule }) => [subject, rule])).toEqual([
      ['one/sound', 'reject-passes'],
      ['one/reason', 'reject-reason'],
    ]);
  });

  test('names a mutant that survives, with the command, unless it is listed as equivalent', async () => {
    const loose = sound.replace('string: "41"', 'type: string').replace(`because: '"41"'`, 'because: x');
    const survivors = (await findings(loose)).filter(({ rule }) => rule === 'mutant-survives');
    expect(survivors.map(({ message }) => message)).toContain('a wrong answer passes: SET stock:12 42');
    const listed = `${loose}\nequivalent:\n  - { mutant: "SET stock:12 *", because: any number will do }`;
    expect((await findings(listed)).filter(({ rule }) => rule === 'mutant-survives')).toEqual([]);
  });

  test('finds an equivalent that excuses nothing', async () => {
    const idle = `${sound}\nequivalent:\n  - { mutant: "GETSET *", because: no reason }`;
    expect((await findings(idle)).map(({ rule }) => rule)).toEqual(['equivalent-unused']);
  });

  const counted = `id: counted
given:
  - SET stock:12 18
checks:
  - { key: stock:12, number: 17 }
worlds:
  - given: [SET stock:12 50]
    checks: { key: stock:12, number: 49 }
hints: [a, b, c]
solution: DECR stock:12`;

  test('tries answers in every world, and makes the result by hand', async () => {
    const result = await testCourse(await courseOf(counted), pool);
    expect(result.findings).toEqual([]);
    expect(result.counts).toMatchObject({ exercises: 1, worlds: 1 });
    const alone = await findings(counted.replace(/worlds:\n.*\n.*\n/, ''));
    expect(alone.map(({ rule, message }) => [rule, message])).toEqual([
      ['mutant-survives', 'a wrong answer passes: SET stock:12 17 KEEPTTL'],
      [
        'mutant-survives',
        'a wrong answer passes: SET stock:12:new 17 KEEPTTL ; RENAME stock:12:new stock:12',
      ],
      ['mutant-survives', expect.stringContaining('a wrong answer passes: EVAL ')],
      ['mutant-survives', 'a wrong answer passes: DEL stock:12 ; INCRBY stock:12 17'],
    ]);
  });

  test('finds a right answer that does not hold in a world', async () => {
    const found = await findings(`${counted}\naccept:\n  - SET stock:12 17`);
    expect(found.filter(({ rule }) => rule === 'accept-fails')).toEqual([
      {
        subject: 'one/counted',
        rule: 'accept-fails',
        message: expect.stringContaining('stock:12 should be 49; it is 17.'),
      },
    ]);
  });

  test('says once, and of its own line, that a world cannot be built', async () => {
    const broken = counted.replace('given: [SET stock:12 50]', 'given: [SET stock:12]');
    const { findings } = await testCourse(await courseOf(`${broken}\naccept: [DECRBY stock:12 1]`), pool);
    expect(findings).toMatchObject([
      { rule: 'error', message: expect.stringContaining('the given command "SET stock:12" fails: ERR') },
    ]);
    expect(findings[0]!.at.line).toBe(
      (await courseOf(broken)).lessons[0]!.steps[0]!.exercise!.worlds[0]!.given[0]!.at.line,
    );
  });

  test('names a world that nothing fails because of, and each of two that see the same', async () => {
    const world = '  - given: [SET stock:12 50]\n    checks: { key: stock:12, number: 49 }\n';
    const idle = '  - also: [SET other 1]\n    checks: { key: stock:12, number: 17 }\n';
    const unneeded = { subject: 'one/counted', rule: 'world-unneeded' };
    expect(await findings(counted.replace(world, world + idle))).toMatchObject([unneeded]);
    expect(await findings(counted.replace(world, world + world))).toMatchObject([unneeded, unneeded]);
  });

  test('ends what never ends, and goes on', async () => {
    const waits = sound
      .replace('id: sound', 'id: waits')
      .replace('SET stock:12 41\n', '[SET stock:12 41, BLPOP q 0]\n');
    const busy = `${sound.replace('id: sound', 'id: busy')}\naccept: ["EVAL 'while true do end' 0"]`;
    const quits = `${sound.replace('id: sound', 'id: quits')}\naccept:\n  - [QUIT, SET stock:12 41]`;
    expect(await findingsOn(hasty, waits, busy, quits)).toEqual([
      {
        subject: 'one/waits',
        rule: 'solution-fails',
        message:
          'SET stock:12 41 ; BLPOP q 0 does not pass: The answer waits for ever: BLPOP q 0 is served by nobody.',
      },
      {
        subject: 'one/busy',
        rule: 'accept-fails',
        message: "EVAL 'while true do end' 0 does not pass: The answer did not end within 1 s.",
      },
      {
        subject: 'one/quits',
        rule: 'accept-fails',
        message: 'QUIT ; SET stock:12 41 does not pass: The answer lost the connection to Redis.',
      },
    ]);
    await hasty.map([1, 2], async (_, { sandbox }) =>
      expect(await sandbox.engine.send(['PING'])).toMatchObject({ type: 'status' }),
    );
  });

  test('takes a mutant that waits for one that fails', async () => {
    const waiting = `id: waiting
given:
  - RPUSH jobs mail
checks:
  - { key: jobs, exists: false }
hints: [a, b, c]
solution: BLPOP jobs 1
equivalent:
  - { mutant: "BLPOP jobs *", because: the job is there }`;
    expect(await findings(waiting)).toEqual([]);
  });

  test.each([
    ['QUIT', 'QUIT acts on the connection, and a given state is data alone'],
    ['MULTI', 'MULTI acts on the connection, and a given state is data alone'],
    ['BLPOP q 0', 'BLPOP may wait for ever, and a given state is there at once'],
    ['XREAD BLOCK 0 STREAMS s 0', 'XREAD may wait for ever, and a given state is there at once'],
    [`'SET a "b'`, 'its quotes do not balance'],
  ])('lets no given state touch the connection, nor wait: %s', async (given, because) => {
    const found = await findings(
      sound.replace('checks:', `given: [${given}]\nchecks:`),
      sound.replace('id: sound', 'id: next'),
    );
    expect(found).toEqual([
      { subject: 'one/sound', rule: 'error', message: expect.stringContaining(`cannot run: ${because}`) },
    ]);
  });

  test.each([
    'SHUTDOWN',
    'CONFIG SET dir /tmp',
    'SAVE',
    'MIGRATE 127.0.0.1 1 a 0 9',
    `'EVAL "return redis.call([[migrate]], [[127.0.0.1]], 1, [[a]], 0, 9)" 0'`,
  ])('lets no given state reach beyond the data: %s', async (given) => {
    const found = await findings(sound.replace('checks:', `given: [${given}]\nchecks:`));
    expect(found).toEqual([
      {
        subject: 'one/sound',
        rule: 'error',
        message: expect.stringMatching(/fails: .*(no permissions|user executing the script can't run)/),
      },
    ]);
  });

  test('goes on with the other exercises when one is broken', async () => {
    const broken = sound.replace('id: sound', 'id: broken').replace('checks:', 'given:\n  - INCR\nchecks:');
    const found = await findings(broken, sound);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ subject: 'one/broken', rule: 'error' });
  });
});
