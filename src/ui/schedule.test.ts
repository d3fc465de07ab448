import { describe, expect, it } from 'vitest';
import type { Row, Schedule } from '../code/schedule.ts';
import { columns } from './columns.ts';
import { drawSchedule } from './schedule.ts';
import { themeFor } from './theme.ts';

const theme = themeFor({ columns: 80 });
const [tokenA, tokenB] = ['8dbb1f0e-27c4-4d5e-9d3a-4f6f1c2b3a4d', '68b8a1d2-93f0-41c7-8e55-0a1b2c3d4e5f'];
const ran = (actor: string, line: string, reply: string): Row => ({
  kind: 'command',
  actor,
  args: line.split(' '),
  reply,
});
const blindDelete: Schedule = {
  actors: ['A', 'B'],
  choices: [],
  rows: [
    ran('A', `SET lock:report ${tokenA} NX PX 10000`, 'OK'),
    { kind: 'mark', actor: 'A', words: 'makes the report' },
    { kind: 'time', now: 300 },
    ran('B', `SET lock:report ${tokenB} NX PX 10000`, 'nil'),
    { kind: 'expires', key: 'lock:report', now: 10_000 },
    ran('B', `SET lock:report ${tokenB} NX PX 10000`, 'OK'),
    { ...ran('A', 'DEL lock:report', '1'), broke: "A removed B's lock:report" },
  ],
};
const draw = (schedule: Schedule, width: number) => `\n${drawSchedule(schedule, { theme, width })}\n`;

describe('a schedule', () => {
  it('has a column for each actor, and a row for each command', () => {
    expect(draw(blindDelete, 80)).toMatchInlineSnapshot(`
      "
      A                                        B
      SET lock:report 8dbb… NX PX 10000 -> OK
      (makes the report)
                                  ~ time passes: 300 ms ~
                                               SET lock:report 68b8… NX PX 10000
                                                 -> nil
                                  ~ lock:report expires ~
                                               SET lock:report 68b8… NX PX 10000 -> OK
      DEL lock:report -> 1
      ^ A removed B's lock:report
      "
    `);
  });

  it('has all in one line where there is room', () => {
    expect(draw(blindDelete, 200)).toMatchInlineSnapshot(`
      "
      A                                        B
      SET lock:report 8dbb… NX PX 10000 -> OK
      (makes the report)
                                   ~ time passes: 300 ms ~
                                               SET lock:report 68b8… NX PX 10000 -> nil
                                   ~ lock:report expires ~
                                               SET lock:report 68b8… NX PX 10000 -> OK
      DEL lock:report -> 1
      ^ A removed B's lock:report
      "
    `);
  });

  it('names the actors before each line where columns would be too narrow', () => {
    expect(draw(blindDelete, 40)).toMatchInlineSnapshot(`
      "
      A> SET lock:report 8dbb… NX PX 10000
           -> OK
      A> (makes the report)
      ~ time passes: 300 ms ~
      B> SET lock:report 68b8… NX PX 10000
           -> nil
      ~ lock:report expires ~
      B> SET lock:report 68b8… NX PX 10000
           -> OK
      A> DEL lock:report -> 1
      A> ^ A removed B's lock:report
      "
    `);
    expect(draw(blindDelete, 20)).toMatchInlineSnapshot(`
      "
      A> SET lock…ort 8db…
           -> OK
      A> (makes the
         report)
      ~ time passes: 300
      ms ~
      B> SET lock…ort 68b…
           -> nil
      ~ lock:report
      expires ~
      B> SET lock…ort 68b…
           -> OK
      A> DEL lock:report
           -> 1
      A> ^ A removed B's
           lock:report
      "
    `);
  });

  it('tells of what was lost, of who died, and of three actors', () => {
    const rows: Row[] = [
      { kind: 'lost', actor: 'Ada', what: 'reply', args: ['INCR', 'seat'] },
      { kind: 'lost', actor: 'Bo', what: 'command', args: ['INCR', 'seat'] },
      ran('Cy', 'BLPOP jobs 0', '(waits)'),
      { kind: 'dies', actor: 'Cy' },
      { kind: 'time', now: 90_000 },
      {
        ...ran('Ada', 'INCR seat', '2'),
        broke: 'One seat was given to two: Ada got 1 and asked once more, as nobody told her so',
      },
    ];
    const schedule = { actors: ['Ada', 'Bo', 'Cy'], choices: [], rows };
    expect(draw(schedule, 80)).toMatchInlineSnapshot(`
      "
      Ada                          Bo                          Cy
      INCR seat
        -> the reply is lost
                                   INCR seat -> never arrives
                                                               BLPOP jobs 0 -> (waits)
                                                               dies
                                  ~ time passes: 1m 30s ~
      INCR seat -> 2
      ^ One seat was given to two: Ada got 1 and asked once more, as nobody told her
        so
      "
    `);
    expect(draw(schedule, 40)).toMatchInlineSnapshot(`
      "
      Ada> INCR seat -> the reply is lost
      Bo> INCR seat -> never arrives
      Cy> BLPOP jobs 0 -> (waits)
      Cy> dies
      ~ time passes: 1m 30s ~
      Ada> INCR seat -> 2
      Ada> ^ One seat was given to two: Ada
             got 1 and asked once more, as
             nobody told her so
      "
    `);
  });

  it('cuts what is long: of a script its end, of a name its middle', () => {
    const script = 'if redis.call("get", KEYS[1]) == ARGV[1] then\n  return redis.call("del", KEYS[1])\nend';
    const rows: Row[] = [
      { kind: 'command', actor: 'A', args: ['EVAL', script, '1', 'lock:report', tokenA], reply: '1' },
      ran('B', `SET cache:weather:oslo:3:${'x'.repeat(60)} {"temp":7} PX 600000`, 'OK'),
      ran('B', 'GET cache', `{"city":"oslo","days":3,"hours":[${'7,'.repeat(300)}]}`),
    ];
    const schedule = { actors: ['A', 'B'], choices: [], rows };
    expect(draw(schedule, 80)).toMatchInlineSnapshot(`
      "
      A                                        B
      EVAL 'if redis.ca…' 1 lock:report 8dbb…
        -> 1
                                               SET cache:w…xxxxxx {"temp":7} PX 600000
                                                 -> OK
                                               GET cache
                                                 -> {"city":"oslo","days":3,"hours":[…
      "
    `);
    expect(draw(schedule, 40)).toMatchInlineSnapshot(`
      "
      A> EVAL 'if redis.…' 1 lock:report 8dbb…
           -> 1
      B> SET cache:…xxxxx {"temp":7} PX 600000
           -> OK
      B> GET cache
           -> {"city":"oslo","days":3,"hours"…
      "
    `);
  });

  it('shows tokens that begin alike as different', () => {
    const other = `8dbb${tokenB.slice(4)}`;
    const rows = [ran('A', `SET lock ${tokenA} NX`, 'OK'), ran('A', 'GET lock', other)];
    expect(drawSchedule({ actors: ['A'], choices: [], rows }, { theme, width: 80 })).toBe(
      ['A', 'SET lock 8dbb1… NX -> OK', 'GET lock -> 8dbba…'].join('\n'),
    );
  });

  it('lets nothing through that acts on a terminal, and fits every window', () => {
    const rows: Row[] = [
      {
        kind: 'command',
        actor: 'A\x1b[2J',
        args: ['SET', 'k\x1b[2J\u202e', 'a\nb\x07'],
        reply: 'x\x1b[31m\r\n',
      },
      { kind: 'mark', actor: 'A\x1b[2J', words: 'in\x1bside' },
      { kind: 'expires', key: '\x1b]0;title\x07', now: 5 },
      { kind: 'dies', actor: 'B', broke: 'gone\x1b[0m' },
      { kind: 'lost', actor: 'B', what: 'reply', args: ['GET', '\u009b31m'] },
    ];
    for (let width = 20; width <= 200; width++) {
      const drawn = drawSchedule({ actors: ['A\x1b[2J', 'B'], choices: [], rows }, { theme, width });
      expect(drawn).not.toMatch(/[^\P{C}\n]/u);
      for (const line of drawn.split('\n')) expect(columns(line)).toBeLessThanOrEqual(width);
      for (const line of draw(blindDelete, width).split('\n'))
        expect(columns(line)).toBeLessThanOrEqual(width);
    }
  });
});
