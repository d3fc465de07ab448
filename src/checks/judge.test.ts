import fc from 'fast-check';
import { distance } from 'fastest-levenshtein';
import { describe, expect, it, vi } from 'vitest';
import { type Bare, exercise, input, lasting, snapshot, verdict } from '../../test/setup/exercise-stage.ts';
import type { Check } from '../course/course.ts';
import type { Reply } from '../redis/reply.ts';
import { type KeyState, nameOf, type Snapshot, type Value } from '../redis/snapshot.ts';
import type { JudgeInput } from './context.ts';
import type { SeenCommand, SeenMessage } from './evidence/evidence.ts';
import { judge } from './judge.ts';
import { messagesOf } from './verdict.ts';

// It does what it does, and its calls are counted.
vi.mock('fastest-levenshtein', { spy: true });

const there = { kind: 'key', key: 'a', string: '1' } as const;

describe('a verdict', () => {
  it('has passed only when every check has', () => {
    const stage = { now: { a: '1' } };
    expect(verdict(there, stage).status).toBe('passed');
    expect(verdict([there, { kind: 'key', key: 'b', exists: true }], stage).status).toBe('failed');
  });

  it('is an error where there is nothing to check', () => {
    expect(judge(exercise(), input({}))).toMatchObject({ status: 'error', checks: [] });
  });

  it('is an error, and nobody’s failure, where the checker can not judge', () => {
    const stage = input({ now: { a: '1' } });
    const broken: [Bare, JudgeInput][] = [
      [{ kind: 'published' } as never, stage],
      [{ kind: 'key', key: 'a', matches: '(' }, stage],
      [
        { kind: 'key', key: 'a', encoding: ['raw'] },
        { ...stage, now: withoutEncoding(stage.now) },
      ],
      [there, { ...stage, given: { ...stage.given, time: Number.NaN } }],
      [there, { ...stage, now: { ...stage.now, time: Number.NaN } }],
      [there, { ...stage, now: undefined as never }],
      [there, { ...stage, evidence: undefined as never }],
      [{ kind: 'key', key: 'a', list: { mode: 'exact', value: null } } as never, stage],
    ];
    for (const [check, given] of broken) {
      const result = judge(exercise(check), given);
      expect(result).toMatchObject({ status: 'error', checks: [] });
      expect(result.error).toBeInstanceOf(Error);
    }
  });

  it('has one result for each property of a key, all with expected and actual', () => {
    const { checks } = verdict(
      { ...there, type: 'string', ttl: { min: 5, max: 5 } },
      { now: { a: lasting('1', 5000) } },
    );
    const about = { kind: 'key', key: 'a', status: 'passed', message: '' };
    expect(checks).toEqual([
      { ...about, id: 'key:a:type', property: 'type', expected: 'a string', actual: 'a string' },
      { ...about, id: 'key:a:string', property: 'string', expected: '"1"', actual: '"1"' },
      { ...about, id: 'key:a:ttl', property: 'ttl', expected: 'expires in 5 s', actual: 'expires in 5 s' },
    ]);
  });

  it('of a missing key fails each of its properties, and tells it once', () => {
    const result = verdict({ ...there, type: 'string' }, {});
    expect(result.checks.map(({ id, status, message, actual }) => [id, status, message, actual])).toEqual([
      ['key:a:type', 'failed', 'a is not there.', 'not there'],
      ['key:a:string', 'failed', 'a is not there.', 'not there'],
    ]);
    expect(messagesOf(result)).toEqual(['a is not there.']);
  });

  it('tells apart checks that are alike', () => {
    const ids = verdict(
      [there, { ...there, string: '2' }, { kind: 'reply', reply: 1 }, { kind: 'reply', reply: 2 }],
      {},
    );
    expect(ids.checks.map(({ id }) => id)).toEqual([
      'key:a:string',
      'key:a:string#2',
      'reply:*',
      'reply:*#2',
    ]);
  });

  it('adds the author’s own explanation to a failure alone', () => {
    const why = 'Ones are kept as text.';
    expect(messagesOf(verdict({ ...there, why }, { now: { a: '2' } }))).toEqual([
      `a should be "1"; it is "2". ${why}`,
    ]);
    expect(messagesOf(verdict({ ...there, why }, {}))).toEqual([`a is not there. ${why}`]);
    expect(verdict({ ...there, why }, { now: { a: '1' } }).checks[0]!.message).toBe('');
    const two = { ...there, ttl: { min: 5, max: 5 }, why };
    expect(messagesOf(verdict(two, { now: { a: '2' } }))).toEqual([
      `a should be "1"; it is "2". ${why}`,
      'a has no expiry; it should expire in 5 s.',
    ]);
    expect(messagesOf(verdict(two, {}))).toEqual([`a is not there. ${why}`]);
    expect(messagesOf(verdict(two, { now: { a: '1' } }))).toEqual([
      `a has no expiry; it should expire in 5 s. ${why}`,
    ]);
    const keys = { kind: 'keys', pattern: 'a*', count: { min: 2, max: 2 }, names: ['a', 'ab'], why } as const;
    const said = messagesOf(verdict({ ...keys, names: ['a', 'ab'] }, { now: { a: '1' } }));
    expect(said.map((message) => message.includes(why))).toEqual([true, false]);
  });

  it('takes little time for ten thousand keys, and one of them nearly right', () => {
    const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`visit:${i}`, `value ${i}`]));
    const given = input({ given: keys, now: { ...keys, sesion: 'a' } });
    const check = exercise(
      { kind: 'key', key: 'session', string: 'a' },
      { kind: 'keys', pattern: 'none:*', count: { min: 0, max: 0 } },
    );
    expect(messagesOf(judge(check, given))).toEqual(['session is not there. sesion is there: a typo?']);
  });
});

it('compares few names where hundreds of given keys are lost at once', () => {
  const keys = Object.fromEntries(Array.from({ length: 301 }, (_, i) => [`visit:${i}`, '1']));
  const ran = [...Object.keys(keys).map((key): [string, number] => [`TTL ${key}`, -1]), 'FLUSHDB'];
  vi.mocked(distance).mockClear();
  const result = verdict(there, { given: keys, now: { a: '1' }, ran });
  expect(vi.mocked(distance).mock.calls.length).toBeLessThan(10 * 301);
  expect(messagesOf(result)).toHaveLength(1);
});

describe('judging', () => {
  it('never throws, says the same twice and changes nothing, whatever the data and the evidence', () => {
    fc.assert(
      fc.property(fc.array(checks, { minLength: 1, maxLength: 4 }), inputs, (some, given) => {
        const before = show(given);
        const first = judge(exercise(...some), given);
        expect(first.error).toBeUndefined();
        expect(judge(exercise(...some), deepFreeze(given))).toEqual(first);
        expect(show(given)).toBe(before);
        for (const { status, message, expected, actual } of first.checks) {
          expect(status === 'passed').toBe(message === '');
          expect(`${expected}${actual}`).not.toMatch(/\p{Cc}/u);
          expect(message).not.toMatch(/\p{Cc}|undefined|NaN|\[object/u);
          expect(expected && actual).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does not see the order of sets, hashes and keys', () => {
    fc.assert(
      fc.property(fc.array(checks, { minLength: 1, maxLength: 4 }), inputs, (some, given) => {
        const turned = { ...given, given: inAnotherOrder(given.given), now: inAnotherOrder(given.now) };
        expect(judge(exercise(...some), turned)).toEqual(judge(exercise(...some), given));
      }),
      { numRuns: 100 },
    );
  });

  it('passes what it was told to expect', () => {
    fc.assert(
      fc.property(states, (now) => {
        const told = [...now.keys.values()].flatMap(describing);
        const given = { given: snapshot({}, now.time), now, db: 0, evidence: { commands: [] } };
        if (told.length > 0) expect(messagesOf(judge(exercise(...told), given))).toEqual([]);
      }),
    );
  });

  it('never passes on the wrong type', () => {
    const values = {
      string: '1',
      list: ['1'],
      hash: { a: '1' },
      set: new Set(['1']),
      zset: new Map([['1', 1]]),
    };
    const wanted: Record<string, Bare> = {
      string: { kind: 'key', key: 'a', string: '1' },
      list: { kind: 'key', key: 'a', list: { mode: 'includes', value: [] } },
      hash: { kind: 'key', key: 'a', hash: { mode: 'includes', value: {} } },
      set: { kind: 'key', key: 'a', set: { mode: 'includes', value: [] } },
      zset: { kind: 'key', key: 'a', zset: { mode: 'includes', value: [] } },
    };
    for (const [type, check] of Object.entries(wanted)) {
      for (const [is, content] of Object.entries(values)) {
        expect(verdict(check, { now: { a: content } }).status).toBe(type === is ? 'passed' : 'failed');
      }
      for (const content of [{ kind: 'other' }, { kind: 'stream', entries: [] }] satisfies Value[]) {
        expect(verdict(check, { now: { a: content } }).status).toBe('failed');
      }
    }
  });
});

const names = fc.constantFrom('a', 'b', 'cart:9', 'cart:8', 'Cart:9', 'a b', 'naïve', '"a"', 'rediscover:x');
const bytes = fc.oneof(
  fc.constantFrom(
    '',
    '1',
    '2',
    '10.5',
    'a',
    'A',
    ' a',
    '"a"',
    'inf',
    'nan',
    '1e400',
    '-',
    'a'.repeat(3000),
    '\x1b[31m',
  ),
  fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array).toString('latin1')),
  fc.string({ unit: 'binary' }),
);
const buffers = bytes.map((text) => Buffer.from(text, 'latin1'));
const scores = fc.oneof(
  fc.integer(),
  fc.constantFrom(0.5, 1, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const unique = <T>(items: fc.Arbitrary<T>, key: (item: T) => Buffer) =>
  fc.uniqueArray(items, { maxLength: 6, selector: (item) => nameOf(key(item)) });

const values: fc.Arbitrary<Value> = fc.oneof(
  buffers.map((value): Value => ({ kind: 'string', bytes: value })),
  fc.array(buffers, { maxLength: 6 }).map((items): Value => ({ kind: 'list', items })),
  unique(buffers, (member) => member).map((members): Value => ({ kind: 'set', members })),
  unique(fc.tuple(buffers, buffers), ([field]) => field).map((fields): Value => ({ kind: 'hash', fields })),
  unique(fc.record({ member: buffers, score: scores }), ({ member }) => member).map(
    (members): Value => ({ kind: 'zset', members }),
  ),
  fc
    .array(fc.record({ id: fc.constantFrom('1-1', '2-1'), fields: fc.array(buffers, { maxLength: 2 }) }), {
      maxLength: 3,
    })
    .map((entries): Value => ({ kind: 'stream', entries })),
  fc.constant<Value>({ kind: 'other' }),
);

const states: fc.Arbitrary<Snapshot> = fc.record({
  time: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
  keys: fc
    .uniqueArray(
      fc.record({
        name: names.map((name) => Buffer.from(name)),
        pttl: fc.option(fc.oneof(fc.nat(5_000_000), fc.constantFrom(0, 1, 9e15))),
        encoding: fc.constantFrom('listpack', 'raw', 'quicklist'),
        value: values,
      }),
      { maxLength: 6, selector: ({ name }) => nameOf(name) },
    )
    .map(
      (all) =>
        new Map(
          all.map((state): [string, KeyState] => [
            nameOf(state.name),
            { ...state, type: typeOf(state.value) },
          ]),
        ),
    ),
});

const replies: fc.Arbitrary<Reply> = fc.letrec<{ reply: Reply }>((tie) => ({
  reply: fc.oneof(
    { maxDepth: 2 },
    buffers.map((value): Reply => ({ type: 'bulk', bytes: value })),
    fc.constantFrom<Reply>(
      { type: 'nil' },
      { type: 'integer', text: '0' },
      { type: 'integer', text: '9223372036854775807' },
      { type: 'status', bytes: Buffer.from('OK') },
      { type: 'status', bytes: Buffer.from('QUEUED') },
      { type: 'error', bytes: Buffer.from('ERR no\r\n\x1b[2J') },
      { type: 'double', text: 'nan' },
      { type: 'boolean', value: false },
      { type: 'big-number', text: '1'.repeat(60) },
      { type: 'verbatim', format: 'txt', bytes: Buffer.from('x') },
    ),
    fc.array(tie('reply'), { maxLength: 4 }).map((items): Reply => ({ type: 'array', items })),
    fc.array(tie('reply'), { maxLength: 4 }).map((items): Reply => ({ type: 'set', items })),
    fc
      .array(fc.tuple(tie('reply'), tie('reply')), { maxLength: 2 })
      .map((entries): Reply => ({ type: 'map', entries })),
  ),
})).reply;

const words = fc.constantFrom(
  ...[
    'SET',
    'GET',
    'DEL',
    'EXPIRE',
    'EXPIREAT',
    'PERSIST',
    'MULTI',
    'EXEC',
    'DISCARD',
    'RENAME',
    'FLUSHALL',
    'EVAL',
    'ZADD',
  ],
  ...['SELECT', 'LPOP', 'SETEX', 'GETEX', 'MSET', 'SORT', 'XREAD', 'BITOP', 'MOVE', 'nonsense', ''],
);
const commands: fc.Arbitrary<SeenCommand> = fc
  .record({
    word: words,
    rest: fc.array(
      fc.oneof(names, bytes, fc.constantFrom('EX', 'PX', 'EXAT', '60', '-1', 'KEEPTTL', 'XX', 'STREAMS')),
      { maxLength: 5 },
    ),
    client: fc.constantFrom('one', 'two'),
    db: fc.constantFrom(0, 0, 1),
    reply: replies,
    time: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
  })
  .map(({ word, rest, ...command }) => ({
    ...command,
    args: [word, ...rest].map((arg) => Buffer.from(arg)),
  }));

const messages: fc.Arbitrary<SeenMessage> = fc.record(
  {
    kind: fc.constantFrom('subscribe', 'psubscribe', 'unsubscribe', 'message', 'pmessage'),
    client: fc.constantFrom('prompt:1', 'relay:1', 'other:2'),
    channel: bytes.map((text) => Buffer.from(text)),
    pattern: bytes.map((text) => Buffer.from(text)),
    payload: bytes.map((text): Reply => ({ type: 'bulk', bytes: Buffer.from(text) })),
    other: fc.boolean(),
  },
  { requiredKeys: ['kind', 'client', 'payload'] },
);

const inputs: fc.Arbitrary<JudgeInput> = fc.record({
  given: states,
  now: states,
  db: fc.constantFrom(0, 1),
  evidence: fc.record(
    {
      commands: fc.array(commands, { maxLength: 8 }),
      messages: fc.array(messages, { maxLength: 6 }),
      entries: fc.array(fc.record({ user: fc.option(names), db: fc.nat(3) }), { maxLength: 2 }),
      outside: fc.boolean(),
      answer: bytes,
    },
    { requiredKeys: ['commands'] },
  ),
});

const mode = fc.constantFrom<'exact' | 'includes'>('exact', 'includes');
const ranges = fc.record({ min: fc.nat(4000), max: fc.option(fc.nat(4000)) });
const checks: fc.Arbitrary<Bare> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('key' as const),
      key: names,
      exists: fc.boolean(),
      type: fc.constantFrom('string', 'zset', 'stream'),
      string: bytes,
      number: scores,
      within: fc.nat(3),
      list: fc.record({ mode, value: fc.array(bytes, { maxLength: 4 }) }),
      set: fc.record({ mode, value: fc.array(bytes, { maxLength: 4 }) }),
      hash: fc.record({ mode, value: fc.dictionary(bytes, bytes, { maxKeys: 4 }) }),
      zset: fc.record({
        mode,
        value: fc.array(fc.record({ member: bytes, score: scores }), { maxLength: 4 }),
      }),
      length: ranges,
      encoding: fc.constant(['raw', 'ziplist']),
      matches: fc.constant('^a'),
      ttl: fc.oneof(ranges, fc.constant('none' as const)),
      expireat: fc.nat(),
    },
    { requiredKeys: ['kind', 'key'] },
  ),
  fc.record(
    {
      kind: fc.constant('keys' as const),
      pattern: fc.constantFrom('*', 'cart:*', '[', 'a?'),
      count: ranges,
      names: fc.array(names),
    },
    { requiredKeys: ['kind', 'pattern'] },
  ),
  fc.record(
    {
      kind: fc.constant('reply' as const),
      reply: fc.oneof(
        bytes,
        fc.integer(),
        fc.constant(null),
        fc.array(fc.oneof(bytes, fc.constant(null)), { maxLength: 4 }),
      ),
      to: words.filter((word) => word !== ''),
      item: fc.integer({ min: -3, max: 5 }),
    },
    { requiredKeys: ['kind', 'reply'] },
  ),
  fc.record({
    kind: fc.constantFrom('used' as const, 'avoided' as const),
    patterns: fc.array(words.filter(Boolean), { minLength: 1 }),
  }),
  fc.record({ kind: fc.constant('atomic' as const), keys: fc.array(names, { minLength: 1, maxLength: 3 }) }),
  fc.record(
    {
      kind: fc.constant('published' as const),
      message: bytes,
      channel: names.filter(Boolean),
      heard: ranges,
    },
    { requiredKeys: ['kind', 'message', 'channel'] },
  ),
  fc.record({
    kind: fc.constant('subscribed' as const),
    name: names.filter(Boolean),
    isPattern: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('received' as const),
    messages: fc.array(fc.record({ message: bytes, channel: names }, { requiredKeys: ['message'] }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  fc.record(
    { kind: fc.constant('connected' as const), user: names.filter(Boolean), db: fc.nat(3) },
    { requiredKeys: ['kind', 'user'] },
  ),
  fc.record(
    {
      kind: fc.constant('answer' as const),
      answers: fc.array(bytes, { minLength: 1 }),
      choices: fc.array(names, { minLength: 1 }),
    },
    { requiredKeys: ['kind', 'answers'] },
  ),
) as fc.Arbitrary<Bare>;

function typeOf(value: Value): string {
  return value.kind === 'other' ? 'vectorset' : value.kind;
}

/** The check that says of a key what it is. */
function describing({ name, pttl, value, type }: KeyState): Bare[] {
  const text = (bytes: Buffer) => bytes.toString();
  const all = [name, ...(value.kind === 'list' ? value.items : [])];
  if (name.toString().startsWith('rediscover:') || !all.every((one) => Buffer.from(text(one)).equals(one)))
    return [];
  const ttl = pttl === null ? 'none' : { min: pttl / 1000, max: pttl / 1000 };
  const told: Omit<Extract<Check, { kind: 'key' }>, 'at'> = { kind: 'key', key: text(name), type, ttl };
  if (value.kind === 'list') told.list = { mode: 'exact', value: value.items.map(text) };
  if (value.kind === 'zset') told.length = { min: value.members.length, max: value.members.length };
  return [told];
}

function inAnotherOrder(state: Snapshot): Snapshot {
  const turn = (value: Value): Value => {
    if (value.kind === 'set') return { kind: 'set', members: value.members.toReversed() };
    return value.kind === 'hash' ? { kind: 'hash', fields: value.fields.toReversed() } : value;
  };
  const keys = [...state.keys]
    .reverse()
    .map(([key, one]): [string, KeyState] => [key, { ...one, value: turn(one.value) }]);
  return { ...state, keys: new Map(keys) };
}

function withoutEncoding(state: Snapshot): Snapshot {
  return { ...state, keys: new Map([...state.keys].map(([key, one]) => [key, { ...one, encoding: '' }])) };
}

/** Buffers can't be frozen: `show` before and after tells whether one was written to. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || Object.isFrozen(value))
    return value;
  if (value instanceof Map) {
    const forbidden = () => {
      throw new Error('written to');
    };
    Object.assign(value, { set: forbidden, delete: forbidden, clear: forbidden });
    for (const one of value.values()) deepFreeze(one);
  }
  for (const one of Object.values(value)) deepFreeze(one);
  return Object.freeze(value);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, one) => (one instanceof Map ? [...one] : one));
}
