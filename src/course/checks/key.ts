import { z } from 'zod';
import { filled, number, text } from '../fields.ts';
import { nestedRepeat } from '../nested-repeat.ts';
import { error, type Problem } from '../problem.ts';
import type { Range } from '../range.ts';
import { RANGE, range, rangeProblems, readRange } from '../range-field.ts';
import { entry, type YamlMap, type YamlNode } from '../yaml-tree.ts';
import { pairs, scalar, string, strings } from '../yaml-values.ts';
import { type Collection, collection, readCollection } from './collection.ts';
import { type CheckBase, why } from './kind.ts';

/** Everything said of one key. Each property present is judged, and reported, on its own. */
export interface KeyCheck extends CheckBase {
  kind: 'key';
  key: string;
  exists?: boolean;
  type?: string;
  string?: string;
  number?: number;
  /** Tolerance of `number`; 0 by default. */
  within?: number;
  list?: Collection<string[]>;
  hash?: Collection<Record<string, string>>;
  set?: Collection<string[]>;
  /** Members in order of score; members of equal score in their order here. */
  zset?: Collection<{ member: string; score: number }[]>;
  length?: Range;
  /** Any of these. */
  encoding?: string[];
  /** Source of a JavaScript regular expression, tried on the string value. */
  matches?: string;
  /** Seconds as set by the learner, or none at all. */
  ttl?: Range | 'none';
  /** Seconds as set for single fields of a hash, or none. */
  fieldTtl?: Record<string, Range | 'none'>;
  /** The moment of expiry, in Unix seconds, exact to the second. */
  expireat?: number;
  /** A key that is not there is right as well. */
  or?: 'missing';
}

const texts = z.array(text).min(1);
const fields = z
  .record(z.string(), text)
  .refine((map) => Object.keys(map).length > 0, 'at least one entry')
  .meta({ minProperties: 1 });
const scores = z
  .record(z.string(), number)
  .refine((map) => Object.keys(map).length > 0, 'at least one entry')
  .meta({ minProperties: 1 });

const seconds = z.union([z.int().min(1), z.string().regex(RANGE, 'whole seconds'), z.literal('none')]);

const TYPES = ['string', 'list', 'hash', 'set', 'zset', 'stream'] as const;
const ENCODINGS = [
  'raw',
  'embstr',
  'int',
  'listpack',
  'listpackex',
  'ziplist',
  'quicklist',
  'linkedlist',
  'hashtable',
  'intset',
  'skiplist',
  'stream',
] as const;

export const schema = z
  .strictObject({
    key: filled.describe('The name of one key. Every field beside it is judged on its own.'),
    exists: z.boolean().optional().describe('Whether the key is there at all.'),
    type: z.enum(TYPES).optional().describe('The type of the value, as TYPE answers.'),
    string: text
      .optional()
      .describe('The string it holds, byte for byte. Quote what looks like a number: "42".'),
    number: number
      .optional()
      .describe('The number that its string is, however it is written: 10.50 is 10.5.'),
    within: number.min(0).optional().describe('How far `number` may be off; 0 where this is absent.'),
    list: collection(texts).optional().describe('All elements in order, or {includes: [...]}.'),
    hash: collection(fields).optional().describe('All fields and values, or {includes: {...}}.'),
    set: collection(texts).optional().describe('All members in any order, or {includes: [...]}.'),
    zset: collection(scores)
      .optional()
      .describe('All members with their scores, {member: score}, or {includes: {...}}.'),
    length: range.optional().describe('How many elements (of a string: bytes): 3, "1..5" or "3..".'),
    encoding: z
      .union([z.enum(ENCODINGS), z.array(z.enum(ENCODINGS)).min(1)])
      .optional()
      .describe('What OBJECT ENCODING answers: one, or a list of which any serves.'),
    matches: filled.optional().describe('A JavaScript regular expression that the string matches somewhere.'),
    ttl: seconds.optional().describe('The expiry that was set, in seconds: 1800, "1500..1800", or none.'),
    fieldTtl: z
      .record(z.string(), seconds)
      .optional()
      .describe('The expiry that was set for single fields of a hash, in seconds, or none: {code: 300}.'),
    expireat: z
      .int()
      .min(1)
      .optional()
      .describe('The moment of expiry, in Unix seconds, exact to the second.'),
    or: z.literal('missing').optional().describe('missing: it is right as well that the key is not there.'),
    why,
  })
  .describe('What one key holds.');

export function read(node: YamlMap, base: CheckBase): KeyCheck {
  const check: KeyCheck = { kind: 'key', ...base, key: string(entry(node, 'key')!) };
  for (const { name, value } of node.entries) {
    switch (name) {
      case 'exists':
        check.exists = scalar(value) === true;
        break;
      case 'type':
      case 'string':
      case 'matches':
        check[name] = string(value);
        break;
      case 'number':
      case 'within':
      case 'expireat':
        check[name] = Number(scalar(value));
        break;
      case 'list':
      case 'set':
        check[name] = readCollection(value, strings);
        break;
      case 'hash':
        check.hash = readCollection(value, (map) =>
          Object.fromEntries(pairs(map).map(([f, v]) => [f, string(v)])),
        );
        break;
      case 'zset':
        check.zset = readCollection(value, (map) =>
          pairs(map).map(([member, score]) => ({ member, score: Number(scalar(score)) })),
        );
        break;
      case 'length':
        check.length = readRange(value);
        break;
      case 'encoding':
        check.encoding = strings(value);
        break;
      case 'or':
        check.or = 'missing';
        break;
      case 'ttl':
        check.ttl = readSeconds(value);
        break;
      case 'fieldTtl':
        check.fieldTtl = Object.fromEntries(pairs(value).map(([field, left]) => [field, readSeconds(left)]));
        break;
    }
  }
  return check;
}

function readSeconds(node: YamlNode): Range | 'none' {
  return scalar(node) === 'none' ? 'none' : readRange(node);
}

/** What each field takes for granted about the type of the value. */
const TYPE_OF: Partial<Record<keyof KeyCheck, string>> = {
  string: 'string',
  number: 'string',
  matches: 'string',
  list: 'list',
  hash: 'hash',
  fieldTtl: 'hash',
  set: 'set',
  zset: 'zset',
};

export function problems(check: KeyCheck, node: YamlMap): Problem[] {
  const found = [...rangeProblems(entry(node, 'length')), ...rangeProblems(entry(node, 'ttl'))];
  const fields = node.entries.filter(({ name }) => name !== 'key' && name !== 'why');
  if (fields.length === 0) {
    found.push(
      error(node.at, `This check says nothing of ${check.key}.`, 'add exists: true, or what it holds'),
    );
  }
  const alone = fields.find(({ name }) => name !== 'exists');
  if (check.exists === false && alone) {
    found.push(
      error(alone.at, `A key that is not there has no "${alone.name}".`, 'keep exists: false alone'),
    );
  }
  const within = fields.find(({ name }) => name === 'within');
  if (within && check.number === undefined) {
    found.push(error(within.at, '"within" is the tolerance of "number", which is missing.'));
  }
  if (check.ttl === 'none' && check.expireat !== undefined) {
    found.push(
      error(
        entry(node, 'expireat')!.at,
        'A key without expiry has no moment of expiry.',
        'keep one of ttl and expireat',
      ),
    );
  }
  let type = check.type;
  for (const { name, at } of fields) {
    const implied = TYPE_OF[name as keyof KeyCheck];
    if (implied === undefined) continue;
    if (type !== undefined && type !== implied) {
      found.push(error(at, `One key cannot be a ${type} and a ${implied}.`, 'keep one of them'));
      break;
    }
    type = implied;
  }
  if (check.matches !== undefined) {
    try {
      new RegExp(check.matches, 'u');
    } catch (fault) {
      const reason = (fault as Error).message.replace(/^Invalid regular expression: .*: /s, '');
      found.push(error(entry(node, 'matches')!.at, `This is no regular expression: ${reason}.`));
    }
  }
  return found;
}

export function* lint(
  { at, number, matches, expireat }: KeyCheck,
  node: YamlNode | undefined,
): Generator<Problem> {
  const written = entry(node, 'number');
  const digits = written?.kind === 'scalar' ? written.source : String(number);
  if (
    number !== undefined &&
    /^[+-]?\d+$/.test(digits) &&
    BigInt(digits.replace('+', '')) !== BigInt(number)
  ) {
    yield error(
      written?.at ?? at,
      `YAML reads ${digits} as ${BigInt(number)}, so this can never pass.`,
      `write it as text: string: "${digits}"`,
    );
  }
  const moment = entry(node, 'expireat')?.at ?? at;
  if (expireat !== undefined && expireat * 1000 <= Date.now())
    yield error(moment, `${expireat} is past: Redis removes such a key at once, so this can never pass.`);
  else if (expireat !== undefined && expireat >= 1e11)
    yield error(
      moment,
      `${expireat} is thousands of years ahead.`,
      'are these milliseconds? Unix time is in seconds',
    );
  const nested = matches === undefined ? undefined : nestedRepeat(matches);
  if (nested !== undefined) {
    yield error(
      entry(node, 'matches')?.at ?? at,
      `${nested} repeats what repeats: on some values it takes for ever.`,
      'repeat only once, or put something between',
    );
  }
}
