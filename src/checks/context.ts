import { type Check, type Exercise, type KeyCheck, plainChecks } from '../course/course.ts';
import { matchesCommand } from '../course/pattern.ts';
import { type KeyState, nameOf, type Snapshot } from '../redis/snapshot.ts';
import { keysOf } from './command.ts';
import type { Evidence } from './evidence/evidence.ts';
import { type Execution, executionsOf } from './evidence/execution.ts';
import { keyPattern } from './values/key-pattern.ts';

export interface JudgeInput {
  /** Right after the given state was built, as the exercise began. */
  given: Snapshot;
  now: Snapshot;
  evidence: Evidence;
  /** The logical database of the exercise. */
  db: number;
  /** Further checks that say which keys the task is about: they need not be as they were. */
  alsoNamed?: Check[];
}

/** All that checks look at. Never changed. */
export interface JudgeContext {
  given: ReadonlyMap<string, KeyState>;
  now: ReadonlyMap<string, KeyState>;
  /** Server's clock in ms: when `given` was read and the exercise began, when `now` was read. */
  givenTime: number;
  time: number;
  executions: readonly Execution[];
  /** What another client did that the world of the exercise has at work. */
  others: readonly Execution[];
  answer: string | undefined;
  db: number;
  /** Whether some check speaks of this key. */
  isNamed: (key: string) => boolean;
  /** Whether some check asks for such a command. */
  isAskedFor: (args: readonly Buffer[]) => boolean;
  /** What checks want this key to hold, where that is text or a number. */
  wantedTexts: (key: string) => string[];
  /** What checks want this key to hold as members, items, fields or values of fields. */
  wantedMembers: (key: string) => string[];
}

/** Keys of our own on a server that the user named. */
const OURS = 'rediscover:';

export function contextOf(exercise: Pick<Exercise, 'checks'>, input: JudgeInput): JudgeContext {
  const { given, now, evidence, db } = input;
  for (const moment of [given.time, now.time]) {
    if (!Number.isFinite(moment)) throw new TypeError(`not a time: ${moment}`);
  }
  const checks = plainChecks(exercise.checks);
  const asked = checks.flatMap((check) => {
    if (check.kind === 'used') return check.patterns;
    return check.kind === 'reply' && check.to !== undefined ? check.to : [];
  });
  const wanted = (key: string, texts: (check: KeyCheck) => string[]) =>
    checks.flatMap((check) => (check.kind === 'key' && nameOf(check.key) === key ? texts(check) : []));
  return {
    given: withoutOurs(given.keys),
    now: withoutOurs(now.keys),
    givenTime: given.time,
    time: now.time,
    executions: executionsOf(evidence.commands.filter(({ other }) => !other)),
    others: executionsOf(evidence.commands.filter(({ other }) => other)),
    answer: evidence.answer,
    db,
    isNamed: namedBy([...exercise.checks, ...(input.alsoNamed ?? [])], evidence),
    isAskedFor: (args) => asked.some((pattern) => matchesCommand(pattern, args)),
    wantedTexts: (key) =>
      wanted(key, ({ string, number }) =>
        [string, number].flatMap((text) => (text === undefined ? [] : String(text))),
      ),
    wantedMembers: (key) =>
      wanted(key, ({ list, set, hash, zset }) => [
        ...(list?.value ?? []),
        ...(set?.value ?? []),
        ...Object.entries(hash?.value ?? {}).flat(),
        ...(zset?.value ?? []).map(({ member }) => member),
      ]),
  };
}

function namedBy(checks: Check[], { commands }: Evidence): (key: string) => boolean {
  // What another client does to a key is no doing of the learner's.
  const others = commands.filter(({ other }) => other).flatMap(({ args }) => keysOf(args).map(nameOf));
  const names = new Set(others);
  const patterns: ((key: string) => boolean)[] = [];
  for (const check of plainChecks(checks)) {
    if (check.kind === 'key') names.add(nameOf(check.key));
    if (check.kind === 'atomic') for (const key of check.keys) names.add(nameOf(key));
    if (check.kind === 'keys') patterns.push(keyPattern(check.pattern));
  }
  return (key) => names.has(key) || patterns.some((matches) => matches(key));
}

function withoutOurs(keys: Map<string, KeyState>): ReadonlyMap<string, KeyState> {
  for (const name of keys.keys()) {
    if (name.startsWith(OURS)) return new Map([...keys].filter(([key]) => !key.startsWith(OURS)));
  }
  return keys;
}
