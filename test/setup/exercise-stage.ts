import type { JudgeInput } from '../../src/checks/context.ts';
import type { SeenCommand } from '../../src/checks/evidence/evidence.ts';
import { judge } from '../../src/checks/judge.ts';
import { messagesOf, type Verdict } from '../../src/checks/verdict.ts';
import type { Check, Exercise, LinesAnswer } from '../../src/course/course.ts';
import type { Reply } from '../../src/redis/reply.ts';
import { type KeyState, nameOf, type Snapshot, type Value } from '../../src/redis/snapshot.ts';
import { splitArgs } from '../../src/redis/split.ts';

/** For tests of checks: states and evidence written short, and judged. */

export const BEGUN = Date.UTC(2030, 0, 1);
const AT = { file: 'a.md', line: 1, column: 1 };

type Bytes = string | Buffer;
/** A text is a string, an array a list, a Set a set, a Map a sorted set, an object a hash. */
export type Content = Bytes | Bytes[] | Set<string> | Map<string, number> | Record<string, string> | Value;

export function lasting(content: Content, ms: number): { content: Content; pttl: number } {
  return { content, pttl: ms };
}

export type Keys = Record<string, Content | { content: Content; pttl: number }>;

export function snapshot(keys: Keys, time = BEGUN): Snapshot {
  const states = Object.entries(keys).map(([name, entry]): KeyState => {
    const { content, pttl } =
      typeof entry === 'object' && 'content' in entry && 'pttl' in entry
        ? (entry as { content: Content; pttl: number })
        : { content: entry as Content, pttl: null };
    const value = toValue(content);
    const type = value.kind === 'other' ? 'vectorset' : value.kind;
    return { name: Buffer.from(name), type, pttl, encoding: 'listpack', value };
  });
  return { time, keys: new Map(states.map((state) => [nameOf(state.name), state])) };
}

function toValue(content: Content): Value {
  if (typeof content === 'string' || Buffer.isBuffer(content))
    return { kind: 'string', bytes: Buffer.from(content) };
  if (Array.isArray(content)) return { kind: 'list', items: content.map((item) => Buffer.from(item)) };
  if (content instanceof Set)
    return { kind: 'set', members: [...content].map((member) => Buffer.from(member)) };
  if (content instanceof Map) {
    const members = [...content].map(([member, score]) => ({ member: Buffer.from(member), score }));
    return { kind: 'zset', members };
  }
  if (isValue(content)) return content;
  return {
    kind: 'hash',
    fields: Object.entries(content).map(([field, value]) => [Buffer.from(field), Buffer.from(value)]),
  };
}

function isValue(content: object): content is Value {
  return 'kind' in content;
}

/** What was run: a line, or a line with its reply and whatever else is to be different. */
export type Ran = string | [line: string, reply?: ShortReply, more?: Partial<SeenCommand>];
export type ShortReply = Reply | string | number | null | ShortReply[];

export function ran(entry: Ran): SeenCommand {
  const [line, reply = 'OK', more = {}] = typeof entry === 'string' ? [entry] : entry;
  return { args: splitArgs(line)!, client: 'prompt', db: 0, time: BEGUN, ...more, reply: replyOf(reply) };
}

/** Texts with a `+` before them and OK are statuses, with a `-` errors, the rest bulk strings. */
export function replyOf(reply: ShortReply): Reply {
  if (reply === null) return { type: 'nil' };
  if (typeof reply === 'number') return { type: 'integer', text: String(reply) };
  if (Array.isArray(reply)) return { type: 'array', items: reply.map(replyOf) };
  if (typeof reply !== 'string') return reply;
  if (reply === 'OK' || reply.startsWith('+'))
    return { type: 'status', bytes: Buffer.from(reply.replace('+', '')) };
  if (reply.startsWith('-')) return { type: 'error', bytes: Buffer.from(reply.slice(1)) };
  return { type: 'bulk', bytes: Buffer.from(reply) };
}

export interface Stage {
  given?: Keys;
  now?: Keys;
  ran?: Ran[];
  answer?: string;
  /** The commands are those of code. */
  code?: boolean;
  /** Since the exercise began, in ms. */
  elapsed?: number;
}

/** A check as a course holds it, but for its position. */
export type Bare = Check extends infer C ? (C extends Check ? Omit<C, 'at'> : never) : never;

export function exercise(...checks: Bare[]): Exercise {
  const none: LinesAnswer = { kind: 'lines', lines: [], at: AT };
  return {
    id: 'lesson/exercise',
    title: '',
    task: '',
    needs: [],
    given: [],
    others: [],
    checks: checks.map((check): Check => ({ ...check, at: AT })),
    worlds: [],
    hints: [],
    solution: none,
    accept: [],
    reject: [],
    equivalent: [],
    code: [],
    after: '',
    at: AT,
  };
}

export function input(stage: Stage): JudgeInput {
  const given = snapshot(stage.given ?? {});
  const now = stage.now ?? stage.given ?? {};
  return {
    given,
    now: snapshot(now, BEGUN + (stage.elapsed ?? 0)),
    db: 0,
    evidence: {
      commands: (stage.ran ?? []).map(ran),
      ...(stage.answer !== undefined && { answer: stage.answer }),
      ...(stage.code && { code: true }),
    },
  };
}

export function verdict(check: Bare | Bare[], stage: Stage): Verdict {
  return judge(exercise(...[check].flat()), input(stage));
}

/** `passed`, or what a person would read. */
export function said(check: Bare | Bare[], stage: Stage): string {
  const result = verdict(check, stage);
  if (result.status === 'error') throw result.error;
  return result.status === 'passed' ? 'passed' : messagesOf(result).join('\n');
}
