import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import { LearnerClient } from './learner-client.ts';
import { Monitor, type MonitoredCommand, parseMonitorLine } from './monitor.ts';
import { splitArgs } from './split.ts';

let server: PlainServer;
beforeAll(async () => {
  server = await startPlainServer();
});
afterAll(() => server?.stop());

const words = (seen: MonitoredCommand | undefined) => seen?.args.map((arg) => arg.toString());

describe('a line of MONITOR', () => {
  test.each([
    ['127.0.0.1:50104', '1795408211.474994 [0 127.0.0.1:50104] "SET" "a" "1"'],
    ['[::1]:50104', '1795408211.474994 [0 [::1]:50104] "SET" "a" "1"'],
    ['unix:/tmp/a b/[x].sock', '1795408211.474994 [0 unix:/tmp/a b/[x].sock] "SET" "a" "1"'],
    ['lua', '1795408211.474994 [0 lua] "SET" "a" "1"'],
  ])('of %s gives client, time and arguments', (client, line) => {
    const seen = parseMonitorLine(line);
    expect(seen).toMatchObject({ client, db: 0 });
    expect(seen!.time).toBeCloseTo(1795408211474.994, 2);
    expect(words(seen)).toEqual(['SET', 'a', '1']);
  });

  test('keeps every byte of an argument, brackets and quotes too', () => {
    const seen = parseMonitorLine('1.000001 [12 lua] "SET" "] \\"x\\" \\\\ \\n" "\\x00\\xff"');
    expect(seen!.db).toBe(12);
    expect(seen!.args.slice(1)).toEqual([Buffer.from('] "x" \\ \n'), Buffer.from([0, 255])]);
  });

  test.each(['OK', '', '1795408211.474994 [0 lua]', '1.000001 [0 lua] "SET'])('is not %j', (line) => {
    expect(parseMonitorLine(line)).toBeUndefined();
  });
});

describe('following a server', () => {
  test('thousands of commands are seen, all and in order, those of scripts too', async () => {
    const seen: MonitoredCommand[] = [];
    let done = () => {};
    const last = new Promise<void>((resolve) => {
      done = resolve;
    });
    const monitor = await Monitor.start({ socketPath: server.socketPath }, (command) => {
      seen.push(command);
      if (words(command)![0] === 'ECHO') done();
    });
    const client = await LearnerClient.connect({ socketPath: server.socketPath, db: 4 }, 'rediscover:test');
    const sent = Array.from({ length: 5000 }, (_, i) =>
      client.send(splitArgs(`SET "k\\n${i}" "\\x00\\xff"`)!),
    );
    await Promise.all([...sent, client.send(splitArgs(`EVAL "redis.call('GET', 'k')" 0`)!)]);
    await client.send([Buffer.from('ECHO'), Buffer.from('end')]);
    await last;
    const sets = seen.filter((command) => words(command)![0] === 'SET');
    expect(sets.map((command) => command.args[1]!.toString())).toEqual(sent.map((_, i) => `k\n${i}`));
    expect(sets.every((command) => command.args[2]!.equals(Buffer.from([0, 255])))).toBe(true);
    expect(sets[0]).toMatchObject({ db: 4, client: `unix:${server.socketPath}` });
    expect(Math.abs(sets[0]!.time - Date.now())).toBeLessThan(60_000);
    expect(seen.find((command) => command.client === 'lua')).toBeDefined();
    monitor.stop();
    monitor.stop();
    client.close();
    await monitor.lost;
  });

  test('the end of its connection settles `lost`', async () => {
    const monitor = await Monitor.start({ socketPath: server.socketPath }, () => {});
    const client = await LearnerClient.connect({ socketPath: server.socketPath }, 'rediscover:test');
    await client.send(splitArgs('CLIENT KILL TYPE normal SKIPME yes')!);
    await client.send(splitArgs('CLIENT KILL TYPE replica')!);
    expect(await monitor.lost).toMatch(/closed/);
    client.close();
  });

  test('a user who may not MONITOR is told so', async () => {
    const client = await LearnerClient.connect({ socketPath: server.socketPath }, 'rediscover:test');
    await client.send(splitArgs('ACL SETUSER shy on >pw ~* +@all -monitor')!);
    client.close();
    const target = { socketPath: server.socketPath, username: 'shy', password: 'pw' };
    await expect(Monitor.start(target, () => {})).rejects.toThrow(/NOPERM/);
  });
});
