import { inRange, type KeysCheck } from '../../course/course.ts';
import { nameOf } from '../../redis/snapshot.ts';
import type { JudgeContext } from '../context.ts';
import { whyMissing } from '../evidence/cause.ts';
import { keyPattern } from '../values/key-pattern.ts';
import { nearest } from '../values/mistake.ts';
import { ofLength } from '../values/shape.ts';
import { some } from '../values/subject.ts';
import { type CheckResult, type Finding, resultsOf } from '../verdict.ts';
import { count, showName } from '../words/show.ts';

export function judgeKeys(check: KeysCheck, context: JudgeContext): CheckResult[] {
  const found = [...context.now.keys()].filter(keyPattern(check.pattern)).sort();
  const id = `keys:${check.pattern}`;
  const findings: [string, Finding][] = [];
  if (check.count) findings.push([id, countFinding(check.pattern, check.count, found)]);
  if (check.names) findings.push([id, namesFinding(check.pattern, check.names.map(nameOf), found, context)]);
  if (findings.length === 0) findings.push([id, countFinding(check.pattern, { min: 1, max: null }, found)]);
  return resultsOf(findings, check.why);
}

function countFinding(pattern: string, wanted: NonNullable<KeysCheck['count']>, found: string[]): Finding {
  const finding = { expected: ofLength(wanted, 'key'), actual: some(found, shown) };
  if (inRange(wanted, found.length)) return finding;
  const should = wanted.max === 0 ? 'No key' : capital(ofLength(wanted, 'key'));
  const are =
    found.length === 0
      ? 'none does'
      : `${found.length === 1 ? '1 does' : `${found.length} do`}: ${some(found, shown)}`;
  return { ...finding, message: `${should} should match ${pattern}; ${are}.` };
}

function namesFinding(pattern: string, wanted: string[], found: string[], context: JudgeContext): Finding {
  const expected = wanted.length === 0 ? 'no key' : some(wanted.toSorted(), shown);
  const finding = { expected, actual: some(found, shown) };
  const missing = wanted.filter((key) => !context.now.has(key));
  const right = new Set(wanted);
  const extra = found.filter((key) => !right.has(key));
  if (missing.length === 0 && extra.length === 0) return finding;
  const facts = [
    missing.length > 0 && `${some(missing, shown)} ${missing.length === 1 ? 'is' : 'are'} missing`,
    extra.length > 0 && `${some(extra, shown)} should not be there`,
  ].filter((fact) => fact !== false);
  const kept = extra.every((key) => context.given.has(key));
  const close = extra.length > 0 ? nearest(missing[0] ?? '', extra) : undefined;
  return {
    ...finding,
    message: `The keys that match ${pattern} should be ${wanted.length === 0 ? 'none' : `${expected} (${count(wanted.length, 'key')})`}; ${facts.join(', and ')}.`,
    mistake:
      close !== undefined && !kept
        ? `Is ${shown(close)} a typo?`
        : missing[0] && whyMissing(missing[0], context),
  };
}

function shown(key: string): string {
  return showName(Buffer.from(key, 'latin1'));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
