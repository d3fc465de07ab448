import type { KeyCheck } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { lastUndone, whyMissing } from '../evidence/cause.ts';
import { judgeHash } from '../values/hash.ts';
import { judgeList } from '../values/list.ts';
import { judgeNumber } from '../values/number.ts';
import { judgeSet } from '../values/set.ts';
import { judgeEncoding, judgeLength, judgeType, ofLength } from '../values/shape.ts';
import { judgeMatches, judgeString } from '../values/string.ts';
import { type Subject, some } from '../values/subject.ts';
import { judgeExpireat, judgeTtl } from '../values/ttl.ts';
import { judgeZset } from '../values/zset.ts';
import { type CheckResult, type Finding, resultsOf } from '../verdict.ts';
import { durations } from '../words/duration.ts';
import { aType, show, showName } from '../words/show.ts';

/** One result for each property of the check. */
export function judgeKey(check: KeyCheck, context: JudgeContext): CheckResult[] {
  const key = nameOf(check.key);
  const name = showName(check.key);
  const state = context.now.get(key);
  const subject = state && { key, name, state, before: context.given.get(key), context };
  const mistake = subject ? undefined : whyMissing(key, context);

  const findings = statements(check).map(({ property, expected, ifMissing, judge }): [string, Finding] => {
    const id = `key:${check.key}:${property}`;
    if (subject) {
      const finding = judge(subject);
      return [id, { ...finding, mistake: finding.mistake ?? lastUndone(key, context) }];
    }
    const absent = { expected, actual: 'not there' };
    return [
      id,
      ifMissing || check.or === 'missing' ? absent : { ...absent, message: `${name} is not there.`, mistake },
    ];
  });
  return resultsOf(findings, check.why);
}

interface Statement {
  property: string;
  /** What is expected, told where there is no key to look at. */
  expected: string;
  /** Whether a key that is not there is right: Redis keeps no empty collection. */
  ifMissing: boolean;
  judge: (subject: Subject) => Finding;
}

function statements(check: KeyCheck): Statement[] {
  const all: Statement[] = [];
  const add = (property: string, expected: string, judge: Statement['judge'], ifMissing = false) =>
    all.push({ property, expected, judge, ifMissing });
  const { exists, type, string, number, list, hash, set, zset, length, encoding, matches, ttl, expireat } =
    check;

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
    add('length', ofLength(length, 'item'), (subject) => judgeLength(length, subject), length.min <= 0);
  }
  if (encoding) add('encoding', encoding.join(' or '), (subject) => judgeEncoding(encoding, subject));
  if (matches !== undefined) add('matches', `/${matches}/`, (subject) => judgeMatches(matches, subject));
  if (ttl !== undefined) {
    const expected = ttl === 'none' ? 'no expiry' : `expires in ${durations(ttl)}`;
    add('ttl', expected, (subject) => judgeTtl(ttl, subject));
  }
  if (expireat !== undefined)
    add('expireat', String(expireat), (subject) => judgeExpireat(expireat, subject));
  if (all.length === 0) add('exists', 'there', (subject) => judgeExists(true, subject));
  return all;
}

function judgeExists(wanted: boolean, { name }: Subject): Finding {
  const found = { expected: wanted ? 'there' : 'not there', actual: 'there' };
  return wanted ? found : { ...found, message: `${name} is still there; it should be gone.` };
}
