import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Learner, type LessonOptions, serverOf } from '../../test/setup/at-prompt.ts';
import { startPlainServer } from '../../test/setup/plain-server.ts';
import { urlOf } from '../../test/setup/terminal.ts';
import { NoRedis } from '../failure.ts';
import { EngineClient } from '../redis/engine-client.ts';
import { openSandbox } from '../sandbox/open.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

let sandbox: Sandbox;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
afterAll(() => sandbox?.close());

/** A learner at the first exercise of the tiny course, on the server that these tests share. */
async function at(options: LessonOptions = {}): Promise<Learner> {
  const learner = await Learner.at({ sandbox, ...options });
  open.push(learner);
  return learner;
}

/** One whose server is theirs alone, to be killed. */
async function alone(): Promise<Learner> {
  const learner = await Learner.at();
  open.push(learner);
  return learner;
}

async function kill(learner: Learner): Promise<void> {
  process.kill(await serverOf(learner.session.sandbox.engine), 'SIGKILL');
}

/** A node-redis script's client, logged in by what `.url` shows. */
async function otherClient(learner: Learner) {
  const client = createClient({ url: await urlOf(learner) });
  client.on('error', () => {});
  await client.connect();
  open.push({ close: async () => client.destroy() });
  return client;
}

describe('a learner', () => {
  test('reads, watches a demo, answers wrong, is told why, answers right and goes on', async () => {
    const learner = await at();
    expect(learner.text).toMatch(/GET visitor:7\n {2}"Ana Lima"\n(.*\n)*.*Your turn\./);
    await learner.ask('SET visitor:8 bo', 'OK\n+ visitor:8  string "bo"');
    await learner.until('Not yet: visitor:8 should be "Bo"; it is "bo"');
    await learner.ask('SET visitor:8 Bo', '~ visitor:8');
    await learner.until('Solved: A value under a name');
    expect(learner.kept['first/visit']).toMatchObject({ status: 'solved', attempts: 2 });
    await learner.until('SET answers OK whether or not');
    await learner.until('redis> ');
    learner.line('');
    await learner.until('A code that goes away');
    learner.line('.quit');
    await learner.until('Your progress is kept');
    await learner.left;
  });

  test('may begin anywhere, skip, go back and begin again', async () => {
    const learner = await at({ at: 'first/code' });
    expect(learner.text).not.toContain('A value under a name');
    learner.line('.skip');
    await learner.until('Three on a podium');
    expect(learner.kept['first/code']?.status).toBe('skipped');
    learner.line('.back');
    await learner.until('A code that goes away');
    await learner.ask('SET code:bo x', '+ code:bo');
    learner.line('.reset');
    await learner.ask('EXISTS code:bo', '(integer) 0');
    learner.line('.back');
    await learner.until('A value under a name');
    learner.line('.back');
    await learner.until('This is the first exercise.');
  });

  test('gets hints one by one, the checks, the solution and the code', async () => {
    const learner = await at();
    await learner.ask('.hint', 'Hint 1 of 3');
    await learner.ask('  .HINT', 'Hint 2 of 3');
    await learner.ask('.check', 'visitor:8 is not there');
    await learner.ask('.code python', "r.set('visitor:8', 'Bo')");
    await learner.ask('.solution', 'SET visitor:8 Bo');
    expect(learner.kept['first/visit']?.status).toBe('revealed');
    await learner.ask('.list', 'first/visit');
    await learner.ask('.hnt', 'did you mean ".hint"?');
    await learner.ask('.go nowhere', 'There is no lesson or exercise "nowhere"');
    await learner.ask('.go', 'Where to?');
    await learner.ask('.go podium', 'Three on a podium');
    await learner.ask('help', '.hint');
    learner.line('.quit');
    await learner.left;
  });

  test('is told how to answer a question, and may choose from a menu', async () => {
    const learner = await at({
      course: 'lessons',
      at: 'sorted-sets/own-place',
      chosen: 'those there at the start',
    });
    await learner.ask('24', 'Is that your answer? Then type .answer 24');
    await learner.ask('.answer', 'Write the answer behind it: .answer TEXT');
    await learner.ask('.answer 99', 'Not yet: ');
    learner.line('.go keys');
    await learner.until('Your turn.');
    await learner.ask('.answer', 'No question is asked here');
    learner.line('.go keys/certain');
    await learner.until('Type .answer to choose.');
    await learner.ask('.answer', 'Solved: ');
  });

  test('leaves at the end of the input', async () => {
    const learner = await at();
    learner.type('\x04');
    await learner.left;
    expect(learner.text).toContain('Your progress is kept.');
  });

  test('stops what blocks, also where Ctrl-C comes together with Enter', async () => {
    const learner = await at();
    learner.type('BLPOP nothing 0\r\x03');
    await learner.until('UNBLOCKED');
    await learner.until('redis> ');
    learner.type('half\x03');
    await learner.until('^C\nredis> ');
    learner.type('\x03');
    await learner.until('Ctrl-D leaves');
  });

  test('types ahead while a command waits, and nothing of it is lost', async () => {
    const learner = await at();
    learner.line('BLPOP nothing 0.1');
    learner.line('SET visitor:8 Bo');
    await learner.until('(nil)');
    await learner.until('Solved');
  });

  test('reads whole lines in a narrow window', async () => {
    const learner = await at({ columns: 40 });
    learner.line('.help');
    await learner.until(/Ctrl-D\s+leaves/);
    await learner.ask('.list', 'first/podium');
    await learner.until('redis>');
    for (const line of learner.text.split('\n')) expect(line.trimEnd().length).toBeLessThanOrEqual(40);
  });

  test('never has escape codes from a value on their screen', async () => {
    const learner = await at();
    learner.line('SET evil "\\x1b]0;gotcha\\x07"');
    await learner.until('+ evil');
    learner.line('EVAL "return redis.status_reply(ARGV[1])" 0 "\\x1b[31mred"');
    await learner.until('[31mred');
    expect(learner.raw).not.toContain('\x1b]0;gotcha');
    expect(learner.raw).not.toContain('\x1b[31mred');
  });

  test('never has a password in their history', async () => {
    const learner = await at();
    await learner.ask('AUTH hunter2', 'WRONGPASS');
    await learner.ask('GET visitor:7', '"Ana Lima"');
    await expect.poll(() => learner.history).toBe('GET visitor:7\n');
  });
});

describe('what comes in unasked', () => {
  test('appears above the prompt, until Ctrl-C', async () => {
    const learner = await at();
    const client = await otherClient(learner);
    await learner.ask('SUBSCRIBE news', 'Ctrl-C ends it.');
    await learner.until('redis> ');
    await client.publish('news', 'hello');
    await learner.until('3) "hello"\nredis> ');
    learner.type('\x03');
    await learner.until('Left all channels.');
    await learner.ask('SET visitor:8 Bo', 'Solved');
  });

  test('is heard also once SELECT has led to a new connection', async () => {
    const learner = await at();
    await learner.ask('SELECT 3', 'redis[3]> ');
    await learner.ask('.reset', 'redis> ');
    await learner.ask('SUBSCRIBE news weather', '"weather"');
  });

  test('of MONITOR is what others run, and nothing of how we look', async () => {
    const learner = await at();
    const client = await otherClient(learner);
    await client.scriptFlush();
    await learner.ask('MONITOR', 'Ctrl-C ends it.');
    await client.eval("return redis.call('SET', 'theirs', '1')");
    await client.set('last', '1');
    const shown = await learner.until('"SET" "last" "1"');
    expect(shown).toContain('lua] "SET" "theirs" "1"');
    expect(shown).not.toMatch(/KEYS|TIME|EVALSHA|local out/);
  });
});

describe('a server that is lost', () => {
  test('is replaced by another, with the same keys', async () => {
    const learner = await alone();
    await learner.ask('SET note "still here" EX 500', '+ note');
    await learner.until('redis> ');
    await kill(learner);
    await learner.until('Redis is gone: ');
    await learner.until(/another\s+one,\s+with\s+your\s+keys\s+as\s+they\s+were/);
    await learner.until('redis> ');
    await learner.ask('MGET visitor:7 note', '"Ana Lima"\n2) "still here"');
    await learner.ask('TTL note', /\(integer\) (49\d|500)/);
    await learner.ask('SET visitor:8 Bo', 'Solved');
  });

  test('takes what there was of the connection along, and says so', async () => {
    const learner = await alone();
    await learner.ask('SELECT 3', 'redis[3]> ');
    await learner.ask('MULTI', 'redis[3](TX)> ');
    learner.type('HA');
    await learner.until('HA');
    await kill(learner);
    await learner.until('Your transaction did not run');
    await learner.until('Database 3 is lost');
    await learner.until('redis> HA');
    learner.line('LF');
    await learner.until(/unknown command .HALF/);
    await learner.until('redis> ');
    await learner.ask('SUBSCRIBE news', 'Ctrl-C ends it.');
    await kill(learner);
    await learner.until('Your subscription has ended.');
  });

  test('may be lost while a command waits: whether that ran is not known', async () => {
    const learner = await alone();
    learner.line('BLPOP nothing 0');
    await learner.until('BLPOP nothing 0\n');
    await kill(learner);
    await learner.until(/with\s+your\s+keys\s+as\s+they\s+were/);
    await learner.until('Whether your last line was carried out is not known');
    await learner.ask('SET visitor:8 Bo', 'Solved');
  });

  test('may be the learner’s own: what only closed its connections is reached anew', async () => {
    const server = await startPlainServer();
    const learner = await Learner.at({ redis: `unix://${server.socketPath}` });
    open.push(learner, { close: () => server.stop() });
    await learner.ask('SET note "still here"', '+ note');
    await learner.until('redis> ');
    const other = await EngineClient.connect({ socketPath: server.socketPath });
    await other.send(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
    await learner.until(/connected\s+anew,\s+with\s+your\s+keys\s+as\s+they\s+were/);
    await learner.until('redis> ');
    await learner.ask('GET note', '"still here"');
    const { id } = learner.session.sandbox.learner;
    await other.send(['CLIENT', 'KILL', 'ID', String(id)]);
    await other.close();
    await learner.ask('GET note', /The server closed the connection; this is a new\s+one\./);
    await learner.until('type it again');
    await learner.ask('SET visitor:8 Bo', 'Solved');
  });

  test('ends the session where the learner’s own is gone, and says what was lost and why', async () => {
    const server = await startPlainServer();
    const learner = await Learner.at({ redis: `unix://${server.socketPath}` });
    open.push(learner);
    await server.stop();
    const failed = await learner.left.catch((error) => error);
    expect(failed).toBeInstanceOf(NoRedis);
    expect(failed.message).toMatch(/^The connection to .*, database 0 is lost: \w.*\.$/);
    expect(failed.next).toMatch(/\w/);
  });
});
