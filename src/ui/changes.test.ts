import stringWidth from 'string-width';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import { changesBetween } from '../engine/changes.ts';
import { EngineClient } from '../redis/engine-client.ts';
import { splitArgs } from '../redis/split.ts';
import { drawChanges } from './changes.ts';
import { themeFor } from './theme.ts';

const theme = themeFor({}, {});
let server: PlainServer;
let engine: EngineClient;

beforeAll(async () => {
  server = await startPlainServer();
  engine = await EngineClient.connect({ socketPath: server.socketPath }, 'test');
});
beforeEach(() => engine.send(['FLUSHALL']));
afterAll(async () => {
  await engine?.close();
  await server?.stop();
});

async function run(lines: string[]): Promise<void> {
  for (const line of lines) {
    const reply = await engine.send(splitArgs(line)!);
    if (reply.type === 'error') throw new Error(`${line}: ${reply.bytes}`);
  }
}

/** What is drawn of the change that `lines` make, once `given` is there. */
async function drawn(
  given: string[],
  lines: string[],
  options: { width?: number; limit?: number } = {},
): Promise<string> {
  await run(given);
  const before = await engine.snapshot({});
  await run(lines);
  return drawChanges(changesBetween(before, await engine.snapshot({})), { theme, width: 80, ...options });
}

describe('what a command changed', () => {
  it('is nothing where nothing changed, also when the same value is written again', async () => {
    expect(await drawn(['SET a 1', 'EXPIRE a 100'], ['GET a', 'SET a 1 KEEPTTL'])).toBe('');
    expect(
      await drawn(['SADD s b a c', 'HSET h a 1 b 2'], ['SREM s a', 'SADD s a', 'HDEL h a', 'HSET h a 1']),
    ).toBe('');
  });

  it('shows new keys with their value and expiry', async () => {
    expect(await drawn([], ['SET session:xyz user_data EX 1800'])).toBe(
      '+ session:xyz  string "user_data"  expires in 30m',
    );
    expect(await drawn([], ['RPUSH tasks a "b c"'])).toBe('+ tasks  list of 2  "a", "b c"');
    expect(await drawn([], ['ZADD board 95 bob 120.5 ada inf eve'])).toBe(
      '+ board  sorted set of 3  "bob" 95, "ada" 120.5, "eve" inf',
    );
    expect(await drawn([], ['HSET user:1 name Ada "full name" "Ada L"'])).toBe(
      '+ user:1  hash of 2  name "Ada", "full name" "Ada L"',
    );
    expect(await drawn([], ['SADD tags x'])).toBe('+ tags  set of 1  "x"');
    expect(await drawn([], ['XADD log 5-1 a 1 b 2'])).toBe('+ log  stream of 1  5-1 a "1" b "2"');
  });

  it('shows a changed string with both values, and an expiry that a SET dropped', async () => {
    expect(await drawn(['SET stock:12 41'], ['INCR stock:12'])).toBe('~ stock:12  "41" → "42"');
    expect(await drawn(['SET s a EX 3600'], ['SET s b'])).toBe('~ s  "a" → "b"  no longer expires (was 1h)');
  });

  it('shows a changed expiry', async () => {
    expect(await drawn(['SET s a'], ['EXPIRE s 60'])).toBe('~ s  now expires in 1m');
    expect(await drawn(['SET s a EX 3600'], ['EXPIRE s 60'])).toBe('~ s  expires in 1m (was 1h)');
    expect(await drawn(['SET s a EX 3600'], ['PERSIST s'])).toBe('~ s  no longer expires (was 1h)');
  });

  it('says of an expiry that was set again, where both times look alike', async () => {
    expect(await drawn(['SETEX otp:ada 481516 300'], ['SETEX otp:ada 481517 300'])).toBe(
      '~ otp:ada  expires in 5d 14h, counted anew',
    );
  });

  it('shows a renamed key as one, with its value and expiry kept', async () => {
    const renamed = '> menu:today  renamed to menu:yesterday';
    expect(await drawn(['SET menu:today soup EX 900'], ['RENAME menu:today menu:yesterday'])).toBe(renamed);
    await run(['FLUSHALL']);
    expect(await drawn(['RPUSH a 1 2', 'SET c 1'], ['RENAME a b', 'INCR c'])).toBe(
      '> a  renamed to b\n~ c  "1" → "2"',
    );
    await run(['FLUSHALL']);
    const long = await drawn([`SET ${'x'.repeat(60)} 1`], [`RENAME ${'x'.repeat(60)} ${'y'.repeat(60)}`], {
      width: 40,
    });
    expect(stringWidth(long)).toBeLessThanOrEqual(40);
  });

  it('does not take two keys for one that differ, nor a member that was moved for its key', async () => {
    expect(await drawn(['SET a 1'], ['DEL a', 'SET b 2'])).toBe('- a  deleted\n+ b  string "2"');
    await run(['FLUSHALL']);
    expect(await drawn(['SET a 1 EX 60'], ['DEL a', 'SET b 1'])).toBe('- a  deleted\n+ b  string "1"');
    await run(['FLUSHALL']);
    // Either may have become c.
    expect(await drawn(['SET a 1', 'SET b 1'], ['RENAME a c', 'DEL b'])).toBe(
      '- a  deleted\n- b  deleted\n+ c  string "1"',
    );
    await run(['FLUSHALL']);
    expect(await drawn(['RPUSH jobs x'], ['RPOPLPUSH jobs working'])).toBe(
      '- jobs  deleted\n+ working  list of 1  "x"',
    );
  });

  it('tells deleted keys from expired ones', async () => {
    await run(['SET gone 1', 'SET late 1 PX 400']);
    const before = await engine.snapshot({});
    await run(['DEL gone', 'DEL late']);
    const after = await engine.snapshot({});
    const draw = (time: number) =>
      drawChanges(changesBetween(before, { ...after, time }), { theme, width: 80 });
    expect(draw(before.time + 5)).toBe('- gone  deleted\n- late  deleted');
    expect(draw(before.time + 401)).toBe('- gone  deleted\n- late  expired');
  });

  it('shows at which end a list changed', async () => {
    const given = ['DEL q', 'RPUSH q a b c'];
    expect(await drawn(given, ['RPUSH q d e'])).toBe('~ q  +"d" +"e" at the end');
    expect(await drawn(given, ['LPUSH q d e'])).toBe('~ q  +"e" +"d" at the front');
    expect(await drawn(given, ['LPUSH q d', 'LTRIM q 0 2'])).toMatch(
      /^~ q {2}\+"d" at the front -"\w+" at the end$/,
    );
    expect(await drawn(given, ['RPUSH q z', 'LPOP q'])).toMatch(
      /^~ q {2}\+"z" at the end -"\w+" at the front$/,
    );
    expect(await drawn(given, ['LPOP q'])).toBe('~ q  -"a" at the front');
    expect(await drawn(given, ['RPOP q'])).toBe('~ q  -"c" at the end');
    expect(await drawn(given, ['LSET q 1 x'])).toBe('~ q  -"b" +"x"');
    expect(await drawn(['DEL q', 'RPUSH q a a'], ['LPUSH q a'])).toBe('~ q  +"a"');
  });

  it('shows what came to, left and changed in sets, hashes and sorted sets', async () => {
    expect(await drawn(['SADD s a b'], ['SREM s a', 'SADD s c'])).toBe('~ s  -"a" +"c"');
    expect(await drawn(['HSET h a 1 b 2'], ['HSET h a 3 c 4', 'HDEL h b'])).toBe(
      '~ h  a "1" → "3" -b "2" +c "4"',
    );
    expect(await drawn(['ZADD z 1 a 2 b'], ['ZINCRBY z 5 a', 'ZADD z 9 c'])).toBe('~ z  "a" 1 → 6 +"c" 9');
    expect(await drawn(['XADD x 1-1 a 1'], ['XADD x 2-1 b 2'])).toBe('~ x  +2-1 b "2"');
  });

  it('shows a key that became another type', async () => {
    expect(await drawn(['SET k v'], ['DEL k', 'RPUSH k a'])).toBe('~ k  string "v" → list of 1  "a"');
  });

  it('lists keys in the order of their names, and says how many more there are', async () => {
    const names = ['k9', 'k1', 'k5', 'k3', 'k7', 'k2', 'k8', 'k4'];
    const lines = (
      await drawn(
        [],
        names.map((name) => `SET ${name} 1`),
      )
    ).split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toBe('+ k1  string "1"');
    expect(lines[6]).toBe('  and 2 more');
    // One more line says as much as the key itself would.
    expect(
      (
        await drawn(
          ['FLUSHALL'],
          names.slice(1).map((name) => `SET ${name} 1`),
        )
      ).split('\n'),
    ).toHaveLength(7);
  });

  it('cuts to the width, and keeps the expiry in sight', async () => {
    const long = 'x'.repeat(5000);
    expect(await drawn([], [`SET short ${long} EX 60`], { width: 40 })).toBe(
      '+ short  string "xxxxxxx…  expires in 1m',
    );
    expect(
      await drawn([`SET short ${'y'.repeat(100)} EX 60`], [`SET short ${long} EX 30`], { width: 50 }),
    ).toBe('~ short  "yyyy… → "xxxx…  expires in 30s (was 1m)');
    expect(await drawn(['SET short y'], [`SET short ${long}`], { width: 30 })).toBe(
      '~ short  "y" → "xxxxxxxxxxxxx…',
    );
  });

  it('never passes the width and lets no escape code through', async () => {
    const given = [
      'SET "a\\x1b[2J" "\\x1b]0;x\\x07" EX 9',
      'SET 日本語日本語日本語 v',
      `SET ${'n'.repeat(300)} ${'v'.repeat(300)}`,
    ];
    const lines = [
      'SET "a\\x1b[2J" 2',
      'DEL 日本語日本語日本語',
      `APPEND ${'n'.repeat(300)} more`,
      'HSET "h\\xff" "f\\r" "\\x9b"',
    ];
    for (const width of [20, 21, 33, 80]) {
      await run(['FLUSHALL']);
      const text = await drawn(given, lines, { width });
      expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
      expect(text.split('\n')).toHaveLength(4);
      for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it('draws a great change without delay', async () => {
    await run(["EVAL \"for i=1,20000 do redis.call('ZADD','big',i,'m'..i) end\" 0"]);
    const before = await engine.snapshot({});
    await run(['ZINCRBY big 1 m777', 'ZREM big m1']);
    const after = await engine.snapshot({});
    expect(drawChanges(changesBetween(before, after), { theme, width: 80 })).toBe(
      '~ big  "m777" 777 → 778 -"m1" 1',
    );
  });
});
