import type { Check, ReplyValue } from '../course/course.ts';
import { matchesAny } from '../course/pattern.ts';
import { groupOf } from '../redis/command-facts.ts';
import { type KeyState, nameOf, type Snapshot } from '../redis/snapshot.ts';
import { keysOf } from './command.ts';
import type { Entered, Evidence, SeenMessage } from './evidence/evidence.ts';
import type { Execution } from './evidence/execution.ts';
import { executionsOf } from './evidence/executions.ts';
import { type Comparable, comparableValue, orderOf, sameAnswer } from './values/comparable.ts';
import { keyPattern } from './values/key-pattern.ts';
import { showError } from './words/show.ts';

export interface JudgeInput {
  /** Right after the given state was built, as the exercise began. */
  given: Snapshot;
  now: Snapshot;
  evidence: Evidence;
  /** The logical database of the exercise. */
  db: number;
  /** Further checks that say which keys the task is about: these need not be as they were. */
  alsoNamed?: readonly Check[];
}

/** What a check speaks of. */
export interface Mentions {
  /** Names of keys. */
  keys?: readonly string[];
  /** Keys by a pattern of their names. */
  pattern?: string;
  /** Patterns of commands that it asks for. */
  commands?: readonly string[];
  /** What it wants some command to answer. */
  replies?: readonly ReplyValue[];
  /** What it wants its key to hold: as text or a number; as members, items, fields or values of fields. */
  texts?: readonly string[];
  members?: readonly string[];
  /** Of a check on the state of its keys: whether it asks for something about their expiry. */
  expires?: boolean;
}

/** All that checks look at. Never changed. */
export interface JudgeContext {
  given: ReadonlyMap<string, KeyState>;
  now: ReadonlyMap<string, KeyState>;
  /** Server's clock in ms: when `given` was read and the exercise began, when `now` was read. */
  givenTime: number;
  time: number;
  executions: readonly Execution[];
  /** What another client did that the exercise, or its world, has at work. */
  others: readonly Execution[];
  /** What came to clients unasked: to the learner's, and to others at work. */
  messages: readonly SeenMessage[];
  entries: readonly Entered[];
  answer: string | undefined;
  /** No URL has led to the server of the exercise; what was said of the last one. */
  outside: { said?: string } | undefined;
  /** Code ran, and sent no command but those of its connection. */
  silent: boolean;
  db: number;
  /** Whether some check speaks of this key. */
  isNamed: (key: string) => boolean;
  /** Whether some check asks for such a command. */
  isAskedFor: (args: readonly Buffer[]) => boolean;
  /** What checks want some command to answer, in their order. */
  wantedReplies: readonly Comparable[];
  /** Whether some check wants such a command to answer so. */
  isWantedReply: (answer: Comparable, args: readonly Buffer[]) => boolean;
  /** Whether some check asks for something about the expiry of this key; undefined where none looks at its state. */
  wantsExpiry: (key: string) => boolean | undefined;
  /** What checks want this key to hold, where that is text or a number. */
  wantedTexts: (key: string) => string[];
  /** What checks want this key to hold as members, items, fields or values of fields. */
  wantedMembers: (key: string) => string[];
}

/** Keys of our own on a server that the user named. */
const OURS = 'rediscover:';

/** `mentions`: of all checks; `named`: those of further ones, that name keys alone. */
export function contextOf(
  mentions: readonly Mentions[],
  named: readonly Mentions[],
  input: JudgeInput,
): JudgeContext {
  const { given, now, evidence, db } = input;
  for (const moment of [given.time, now.time]) {
    if (!Number.isFinite(moment)) throw new TypeError(`not a time: ${moment}`);
  }
  // What another client does to a key is no doing of the learner's.
  const commands = evidence.commands.filter(({ args }) => !isConnecting(args));
  const others = commands.filter(({ other }) => other);
  const touched = others.flatMap(({ args }) => keysOf(args).map(nameOf));
  const naming = [...mentions, ...named];
  const names = new Set([...touched, ...naming.flatMap(({ keys = [] }) => keys.map(nameOf))]);
  const patterns = naming.flatMap(({ pattern }) => (pattern === undefined ? [] : keyPattern(pattern)));
  const wanted = mentions.flatMap(({ replies = [] }) => replies.map(comparableValue));
  const asked = mentions.flatMap(({ commands = [] }) => commands);
  const executions = executionsOf(commands.filter(({ other }) => !other));
  const about = (key: string) => mentions.filter(({ keys }) => keys?.some((one) => nameOf(one) === key));
  return {
    given: withoutOurs(given.keys),
    now: withoutOurs(now.keys),
    givenTime: given.time,
    time: now.time,
    executions,
    others: executionsOf(others),
    messages: evidence.messages ?? [],
    entries: evidence.entries ?? [],
    answer: evidence.answer,
    outside: evidence.outside ? lastRefusal(evidence) : undefined,
    silent: evidence.code === true && executions.every(({ args }) => groupOf(args) === 'connection'),
    db,
    isNamed: (key) => names.has(key) || patterns.some((matches) => matches(key)),
    isAskedFor: (args) => matchesAny(asked, args),
    wantedReplies: mentions.flatMap(({ replies = [] }) => replies.slice(0, 1).map(comparableValue)),
    isWantedReply: (answer, args) => wanted.some((reply) => sameAnswer(reply, answer, orderOf(args))),
    wantsExpiry: (key) => {
      const asked = about(key).flatMap(({ expires }) => expires ?? []);
      return asked.length > 0 ? asked.includes(true) : undefined;
    },
    wantedTexts: (key) => about(key).flatMap(({ texts = [] }) => texts),
    wantedMembers: (key) => about(key).flatMap(({ members = [] }) => members),
  };
}

function lastRefusal({ commands }: Evidence): { said?: string } {
  const reply = commands.findLast(({ args }) => isConnecting(args))?.reply;
  return reply?.type === 'error' ? { said: showError(reply.bytes.toString()) } : {};
}

/** `.connect` is ours, and no command of the server's. */
function isConnecting([name]: readonly Buffer[]): boolean {
  return name?.toString() === '.connect';
}

function withoutOurs(keys: Map<string, KeyState>): ReadonlyMap<string, KeyState> {
  for (const name of keys.keys()) {
    if (name.startsWith(OURS)) return new Map([...keys].filter(([key]) => !key.startsWith(OURS)));
  }
  return keys;
}
