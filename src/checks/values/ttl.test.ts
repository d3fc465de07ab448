import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEGUN, type Keys, lasting, type Ran, said, verdict } from '../../../test/setup/exercise-stage.ts';

const HALF_HOUR = { kind: 'key', key: 'session:xyz', ttl: { min: 1800, max: 1800 } } as const;
const session = (ms: number): Keys => ({ 'session:xyz': lasting('user_data', ms) });
const left = (ms: number, elapsed: number, ran: Ran[] = []) =>
  said(HALF_HOUR, { now: session(ms), elapsed, ran });

describe('an expiry', () => {
  it.each([
    ['as it was set, at once', 1_800_000, 0],
    ['a moment after it was set', 1_799_998, 5],
    ['when all the time since the beginning has passed', 1_740_000, 60_000],
    ['one rounded millisecond too long', 1_800_001, 0],
    ['read a little later than the clock', 1_799_960, 5],
  ])('is right %s', (_, remaining, elapsed) => {
    expect(left(remaining, elapsed)).toBe('passed');
  });

  it.each([
    ['a second too long', 1_801_000, 0],
    ['two milliseconds too long', 1_800_002, 0],
    ['a second too short', 1_799_000, 500],
    ['shorter than the time that has passed', 1_739_000, 60_000],
  ])('is wrong when %s', (_, remaining, elapsed) => {
    expect(left(remaining, elapsed)).toContain('session:xyz should expire in 30 minutes (1800 s); it ');
  });

  it('is judged from the moment its command was sent, however long the learner thought', () => {
    const check = { ...HALF_HOUR, ttl: { min: 60, max: 60 } };
    const ran = (seconds: number): Ran[] => [
      [`SET session:xyz u EX ${seconds}`, 'OK', { time: BEGUN + 600_000 }],
    ];
    const elapsed = 600_010;
    expect(said(check, { now: session(59_992), elapsed, ran: ran(60) })).toBe('passed');
    expect(said(check, { now: session(5_992), elapsed, ran: ran(6) })).toBe(
      'session:xyz should expire in 1 minute (60 s); it expires in 6 s.',
    );
  });

  it('is judged from the first command that may have set it where replies do not tell', () => {
    const by = (at: number) => ({ time: BEGUN + at });
    const ran: Ran[] = [
      ['EVAL "redis.call(...)" 1 session:xyz', null, by(10_000)],
      ['EVAL "redis.call(...)" 1 session:xyz', null, by(90_000)],
    ];
    expect(left(1_720_000, 90_000, ran)).toBe('passed');
  });

  it('does not take a command that answered 0 for the one that set it', () => {
    const at = (ms: number) => ({ time: BEGUN + ms });
    const ran: Ran[] = [
      ['SET session:xyz u EX 1800', 'OK', at(0)],
      ['EXPIRE session:xyz 1800 NX', 0, at(90_000)],
    ];
    expect(left(1_710_000, 90_000, ran)).toBe('passed');
  });

  it('given as a moment in whole seconds may be off by the part of a second', () => {
    const ran: Ran[] = [['EXPIREAT session:xyz 1893457800', 1]];
    expect(left(1_799_200, 5, ran)).toBe('passed');
    expect(left(1_800_900, 5, ran)).toBe('passed');
    // The clock that it was reckoned from was read before the exercise began.
    expect(left(1_791_200, 5, ran)).toBe('passed');
    expect(left(1_790_900, 5, ran)).not.toBe('passed');
    expect(left(1_801_100, 5, ran)).not.toBe('passed');
    expect(left(1_799_200, 5)).not.toBe('passed');
  });

  it('given as a moment may be reckoned from any since the exercise began', () => {
    const ran: Ran[] = [
      ['TIME', ['1893456010', '0'], { time: BEGUN + 10_000 }],
      ['EXPIREAT session:xyz 1893457810', 1, { time: BEGUN + 40_000 }],
    ];
    expect(left(1_770_000, 40_000, ran)).toBe('passed');
    expect(left(1_750_000, 40_000, ran)).not.toBe('passed');
    expect(left(1_802_000, 40_000, ran)).not.toBe('passed');
  });

  it('of the given state has lost the time that building the state took', () => {
    const given = session(1_799_700);
    expect(said(HALF_HOUR, { given, now: session(1_790_000), elapsed: 9_700 })).toBe('passed');
  });

  it('that went along in a RENAME counts as given too', () => {
    const given = { 'session:tmp': lasting('user_data', 1_799_700) };
    const gone = { kind: 'key', key: 'session:tmp', exists: false } as const;
    expect(said([HALF_HOUR, gone], { given, now: session(1_799_690), elapsed: 10 })).toBe('passed');
  });

  it.each(['RENAME', 'COPY'])('set before a %s is judged from the moment it was set', (command) => {
    const at = (ms: number) => ({ time: BEGUN + ms });
    const ran = (seconds: number): Ran[] => [
      [`SET tmp user_data EX ${seconds}`, 'OK', at(10_000)],
      [`${command} tmp session:xyz`, 1, at(90_000)],
    ];
    expect(left(1_720_000, 90_000, ran(1800))).toBe('passed');
    expect(left(1_719_000, 90_000, ran(1799))).toContain('it was set to expire in 29 minutes 59 seconds');
  });

  it('in a range may be any of it', () => {
    const check = { ...HALF_HOUR, ttl: { min: 1500, max: 1800 } };
    expect(said(check, { now: session(1_600_000) })).toBe('passed');
    expect(said(check, { now: session(1_499_000) })).toBe(
      'session:xyz should expire in 25 to 30 minutes (1500 to 1800 s); it expires in 24 minutes 59 seconds (1499 s).',
    );
    expect(said({ ...HALF_HOUR, ttl: { min: 60, max: null } }, { now: session(1e12) })).toBe('passed');
  });

  it.each([
    [30_000, '30 s. Is that 30 minutes, given as seconds?'],
    [1_800, '1.8 s. Is that 1800 s, given as milliseconds?'],
    [1_800_000_000, '20 days 20 hours (1800000 s). Is that 1800000 ms, given as seconds?'],
    [108_000_000, '1 day 6 hours (108000 s). Was it multiplied by 60 once too often?'],
    [1_893_456_000_000, '60 years (1893456000 s). Is that a moment (Unix time), given as seconds from now?'],
    [900_000, '15 minutes (900 s).'],
  ])('of %i ms is explained by its unit', (ms, text) => {
    expect(left(ms, 0)).toBe(`session:xyz should expire in 30 minutes (1800 s); it expires in ${text}`);
  });

  it('in hours and days given as seconds is recognised', () => {
    const ttl = (seconds: number) => ({ ...HALF_HOUR, ttl: { min: seconds, max: seconds } });
    expect(said(ttl(7200), { now: session(2_000) })).toContain('Is that 2 hours, given as seconds?');
    expect(said(ttl(604_800), { now: session(7_000) })).toContain('Is that 7 days, given as seconds?');
  });

  it('is told as it was set, also when some of it has gone by', () => {
    const ran: Ran[] = ['SET session:xyz u EX 30'];
    expect(left(11_000, 19_000, ran)).toBe(
      'session:xyz should expire in 30 minutes (1800 s); it was set to expire in 30 s. Is that 30 minutes, given as seconds?',
    );
  });

  it('that was there from the start is called so', () => {
    expect(said(HALF_HOUR, { given: session(600_000), now: session(599_000), elapsed: 1_000 })).toContain(
      'That is the expiry it had from the start.',
    );
  });
});

describe('what is expected and what is there', () => {
  const near = (seconds: number) =>
    fc.oneof(fc.integer({ min: -1500, max: 1500 }), fc.integer({ min: -seconds * 1000, max: 10 ** 9 }));
  const cases = fc.integer({ min: 1, max: 200_000 }).chain((seconds) =>
    fc.record({
      seconds: fc.constant(seconds),
      apart: near(seconds),
      elapsed: fc.integer({ min: 0, max: 100_000 }),
      ran: fc.constantFrom<Ran[]>(
        [],
        [[`SET session:xyz a EX ${seconds}`, 'OK']],
        [[`EXPIREAT session:xyz 1893457800`, 1]],
      ),
    }),
  );

  it('are never told as the same', () => {
    fc.assert(
      fc.property(cases, ({ seconds, apart, elapsed, ran }) => {
        const ms = seconds * 1000 + apart;
        fc.pre(ms > 0);
        const ttl = { min: seconds, max: seconds };
        const expireat = BEGUN / 1000 + seconds;
        for (const check of [{ ttl }, { expireat }]) {
          const now = session(ms);
          const { checks } = verdict({ kind: 'key', key: 'session:xyz', ...check }, { now, elapsed, ran });
          for (const { status, expected, actual } of checks)
            if (status === 'failed') expect(actual).not.toBe(expected);
        }
      }),
    );
  });
});

describe('a key without expiry', () => {
  const says = (ran: Ran[], given: Keys = {}) =>
    said(HALF_HOUR, { given, now: { 'session:xyz': 'user_data' }, ran })
      .replace(/^.*?\(1800 s\)\./, '')
      .trim();

  it('is another message than a missing key', () => {
    expect(said(HALF_HOUR, { now: { 'session:xyz': 'user_data' } })).toBe(
      'session:xyz has no expiry; it should expire in 30 minutes (1800 s).',
    );
    expect(said(HALF_HOUR, {})).toBe('session:xyz is not there.');
  });

  it('tells what dropped the expiry', () => {
    const dropped = 'Your last SET replaced the value and dropped it.';
    expect(says(['SET session:xyz a EX 1800', 'SET session:xyz user_data'])).toBe(dropped);
    expect(says(['SET session:xyz user_data'], session(1_800_000))).toBe(dropped);
    expect(
      says([
        ['EXPIRE session:xyz 1800', 1],
        ['GETSET session:xyz user_data', 'a'],
      ]),
    ).toContain('GETSET replaced');
    expect(says(['SET session:xyz user_data EX 1800', ['PERSIST session:xyz', 1]])).toBe(
      'PERSIST took it off.',
    );
  });

  it.each([
    'BITOP OR session:xyz a b',
    'SORT a STORE session:xyz',
    'SETNX session:xyz a',
    'MSET a 1 session:xyz 2',
  ])('tells that %s dropped it', (line) => {
    const [name] = line.split(' ');
    expect(says([line], session(1_800_000))).toBe(`Your last ${name} replaced the value and dropped it.`);
  });

  it.each([
    'BITOP OR a session:xyz b',
    'SORT session:xyz STORE a',
    'APPEND session:xyz a',
    'COPY session:xyz a',
  ])('does not blame %s', (line) => expect(says([line], session(1_800_000))).not.toContain('dropped'));

  it('does not blame a SET that kept the expiry, had none to drop, or did nothing', () => {
    expect(says(['SET session:xyz user_data'])).toBe('');
    expect(says(['SET session:xyz user_data KEEPTTL'], session(1_800_000))).toBe('');
    expect(says([['SET session:xyz user_data NX', null]], session(1_800_000))).not.toContain('dropped');
  });

  it('does not blame a SET for what was gone with the key before', () => {
    const gone = (name: string) => `${name} took it away, expiry and all.`;
    const set = 'SET session:xyz user_data';
    expect(says([`${set} EX 1800`, ['DEL session:xyz', 1], set])).toBe(gone('DEL'));
    expect(says([`${set} EX 1800`, 'FLUSHALL', set])).toBe(gone('FLUSHALL'));
    expect(says(['RENAME session:xyz session:old', set], session(1_800_000))).toBe(gone('RENAME'));
    expect(says([set, ['DEL session:xyz', 1], set])).toBe('');
    expect(says([set, ['PERSIST session:xyz', 0]])).toBe('');
  });

  it('tells why an EXPIRE with a condition, or of another key, did nothing', () => {
    const set = 'SET session:xyz user_data';
    expect(says([set, ['EXPIRE session:xyz 1800 XX', 0]])).toBe(
      'XX sets an expiry only where there is one already.',
    );
    expect(says([set, ['PEXPIRE session:xyz 1800000 gt', 0]])).toContain('GT sets only a later expiry');
    expect(says([set, ['EXPIRE sesion:xyz 1800', 0]])).toBe(
      'Your EXPIRE answered 0: there was no sesion:xyz.',
    );
    const before = { given: session(600_000), now: session(600_000) };
    expect(said(HALF_HOUR, { ...before, ran: [['EXPIRE session:xyz 1800 NX', 0]] })).toContain(
      'it expires in 10 minutes (600 s). NX sets an expiry only where there is none yet.',
    );
  });

  it('tells of an EXPIRE that came too early or failed', () => {
    expect(says([['EXPIRE session:xyz 1800', 0], 'SET session:xyz user_data'])).toBe(
      'EXPIRE answered 0: the key was not there yet.',
    );
    expect(
      says(['SET session:xyz user_data', ['EXPIRE session:xyz half', '-ERR value is not an integer']]),
    ).toBe(
      'Your EXPIRE answered an error: ERR value is not an integer. EXPIRE takes a whole number of seconds.',
    );
    expect(says(['SET session:xyz user_data', 'MULTI', ['EXPIRE session:xyz 1800', '+QUEUED']])).toBe(
      'Your EXPIRE waits in the transaction until EXEC.',
    );
    expect(says([['SETEX session:xyz a 30', '-ERR no'], 'SET session:xyz user_data'])).toBe('');
  });
});

describe('ttl: none', () => {
  const check = { kind: 'key', key: 'session:xyz', ttl: 'none' } as const;

  it('holds for a key without expiry, and not for a missing one', () => {
    expect(said(check, { now: { 'session:xyz': 'a' } })).toBe('passed');
    expect(said(check, {})).toBe('session:xyz is not there.');
  });

  it('tells the expiry that should not be there', () => {
    expect(said(check, { now: session(3_600_000) })).toBe(
      'session:xyz expires in 1 hour (3600 s); it should have no expiry.',
    );
  });
});

describe('expireat', () => {
  const check = { kind: 'key', key: 'session:xyz', expireat: BEGUN / 1000 + 86_400 } as const;
  const day = 86_400_000;

  it('is exact to the second, whenever it was set', () => {
    expect(said(check, { now: session(day - 7_000), elapsed: 7_000 })).toBe('passed');
    expect(said(check, { now: session(day - 7_020), elapsed: 7_000 })).toBe('passed');
    expect(said(check, { now: session(day - 8_000), elapsed: 7_000 })).not.toBe('passed');
    expect(said(check, { now: session(day + 1_000) })).not.toBe('passed');
  });

  it('shows both moments, and the mistake', () => {
    expect(said(check, { now: session(day - 3_600_000) })).toBe(
      'session:xyz should expire at 1893542400 (2030-01-02 00:00:00 UTC); it expires at 1893538800 (2030-01-01 23:00:00 UTC). Is that the same hour in another time zone?',
    );
    expect(said(check, { now: session((BEGUN / 1000 + 86_400) * 1000) })).toContain(
      'given as seconds from now?',
    );
    expect(said(check, { now: session(BEGUN * 999 + day * 1000) })).toContain(
      'in the year 61973). Is that a moment in milliseconds, given as seconds?',
    );
    expect(said(check, { now: { 'session:xyz': 'a' } })).toContain(
      'session:xyz has no expiry; it should expire at',
    );
  });
});
