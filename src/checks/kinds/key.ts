import type { KeyCheck } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import { causeOf } from '../evidence/cause.ts';
import { livesOn } from '../evidence/lives-on.ts';
import type { Judgement } from '../result.ts';
import { judgeFieldTtl } from '../values/field-ttl.ts';
import { judgeHash } from '../values/hash.ts';
import { judgeList } from '../values/list.ts';
import { judgeNumber } from '../values/number.ts';
import { judgeSet } from '../values/set.ts';
import { judgeEncoding, judgeLength, judgeType } from '../values/shape.ts';
import { judgeMatches, judgeString } from '../values/string.ts';
import type { Subject } from '../values/subject.ts';
import { judgeExpireat, judgeTtl, ttlText } from '../values/ttl.ts';
import { judgeZset } from '../values/zset.ts';
import type { About, CheckResult } from '../verdict.ts';
import type { Fact } from '../words/facts.ts';
import { aType, lengthText, show, showName, some } from '../words/show.ts';

/** One judgement for each property of the check. */
export function judge(check: KeyCheck, context: JudgeContext): [About, Judgement][] {
  const key = nameOf(check.key);
  const name = showName(check.key);
  const state = context.now.get(key);
  const subject = state && { key, name, state, before: context.given.get(key), context };

  /** What made a key of the wrong type says more than what failed on it later; else guesses come last. */
  const reasonOf = ({ reason }: Judgement, fact: Fact) =>
    fact.code === 'wrong-type'
      ? (reason ?? causeOf(fact, [key], context))
      : (causeOf(fact, [key], context) ?? reason);

  return statements(check).map(({ property, expected, ifMissing, judge }): [About, Judgement] => {
    const about: About = { kind: 'key', key: check.key, property };
    const absent: Judgement = { expected, actual: 'not there' };
    const gone: Judgement =
      ifMissing || check.or === 'missing' ? absent : { ...absent, fact: { code: 'missing', key: name } };
    const place = property === 'exists' && ifMissing && !subject ? livesOn(key, context) : undefined;
    if (place !== undefined) return [about, { ...absent, fact: { code: 'lives-on', key: name, place } }];
    const found = subject ? judge(subject) : gone;
    return [about, found.fact ? { ...found, reason: reasonOf(found, found.fact) } : found];
  });
}

export function describe({ key, expected }: CheckResult): string {
  return `${key}: ${expected}`;
}

export function mentions(check: KeyCheck): Mentions {
  const { key, string, number, list, set, hash, zset, ttl, expireat } = check;
  return {
    keys: [key],
    texts: [string, number].flatMap((text) => (text === undefined ? [] : String(text))),
    members: [
      ...(list?.value ?? []),
      ...(set?.value ?? []),
      ...Object.entries(hash?.value ?? {}).flat(),
      ...(zset?.value ?? []).map(({ member }) => member),
    ],
    expires: ttl !== undefined || expireat !== undefined,
  };
}

interface Statement {
  property: string;
  /** What is expected, told where there is no key to look at. */
  expected: string;
  /** Whether a key that is not there is right: Redis keeps no empty collection. */
  ifMissing: boolean;
  judge: (subject: Subject) => Judgement;
}

function statements(check: KeyCheck): Statement[] {
  const all: Statement[] = [];
  const add = (property: string, expected: string, judge: Statement['judge'], ifMissing = false) =>
    all.push({ property, expected, judge, ifMissing });
  const {
    exists,
    type,
    string,
    number,
    list,
    hash,
    set,
    zset,
    length,
    encoding,
    matches,
    ttl,
    fieldTtl,
    expireat,
  } = check;

  if (exists !== undefined) {
    add('exists', exists ? 'there' : 'not there', (subject) => judgeExists(exists, subject), !exists);
  }
  if (type !== undefined) add('type', aType(type), (subject) => judgeType(type, subject));
  if (string !== undefined) add('string', show(string), (subject) => judgeString(string, subject));
  if (number !== undefined) {
    add('number', String(number), (subject) => judgeNumber(number, check.within ?? 0, subject));
  }
  if (list)
    add('list', some(list.value, show), (subject) => judgeList(list, subject), list.value.length === 0);
  if (hash) {
    const fields = Object.entries(hash.value);
    const expected = some(fields, ([field, value]) => `${showName(field)} ${show(value)}`);
    add('hash', expected, (subject) => judgeHash(hash, subject), fields.length === 0);
  }
  if (set) add('set', some(set.value, show), (subject) => judgeSet(set, subject), set.value.length === 0);
  if (zset) {
    const expected = some(zset.value, ({ member, score }) => `${show(member)} with score ${score}`);
    add('zset', expected, (subject) => judgeZset(zset, subject), zset.value.length === 0);
  }
  if (length) {
    add('length', lengthText(length, 'item'), (subject) => judgeLength(length, subject), length.min <= 0);
  }
  if (encoding) add('encoding', encoding.join(' or '), (subject) => judgeEncoding(encoding, subject));
  if (matches !== undefined) add('matches', `/${matches}/`, (subject) => judgeMatches(matches, subject));
  if (ttl !== undefined) {
    add('ttl', ttlText(ttl), (subject) => judgeTtl(ttl, subject));
  }
  for (const [field, wanted] of Object.entries(fieldTtl ?? {}))
    add(`ttl of ${showName(field)}`, ttlText(wanted), (subject) => judgeFieldTtl(field, wanted, subject));
  if (expireat !== undefined)
    add('expireat', String(expireat), (subject) => judgeExpireat(expireat, subject));
  if (all.length === 0) add('exists', 'there', (subject) => judgeExists(true, subject));
  return all;
}

function judgeExists(wanted: boolean, { name }: Subject): Judgement {
  const found = { expected: wanted ? 'there' : 'not there', actual: 'there' };
  return wanted ? found : { ...found, fact: { code: 'still-there', key: name } };
}
