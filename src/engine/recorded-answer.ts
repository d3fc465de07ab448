import type { SeenCommand } from '../checks/evidence/evidence.ts';
import { type Answer, MODULE_ENDINGS, type ModuleEnding } from '../course/course.ts';
import { quoted } from '../redis/print.ts';
import { commandName } from '../redis/session.ts';

/** What solved an exercise, as progress keeps it: the lines of an answers file, or a module. */
export type RecordedAnswer = { lines: string[] } | { ending: ModuleEnding; source: string };

/** Characters that are kept of one answer: one that is longer is not kept. */
const LONGEST = 65_536;
/** They speak of the client, not of data: what other clients send as they connect. */
const OF_CLIENTS = new Set(['CLIENT', 'HELLO', 'AUTH', 'COMMAND', 'INFO', 'PING']);
const PLAIN = /^[^\s"'\\#@.=\p{C}\p{Z}][^\s"'\\\p{C}\p{Z}]*$/u;

/** What was done and typed as the lines of an answers file; undefined where that is too long to keep. */
export function recordedLines(
  commands: readonly SeenCommand[],
  words: string | undefined,
): RecordedAnswer | undefined {
  const lines = commands
    .filter(
      ({ args, client, other }) =>
        !other && (client.startsWith('prompt:') || !OF_CLIENTS.has(commandName(args))),
    )
    .map(({ args }) => lineOf(args));
  if (words !== undefined) lines.push(`.answer ${words}`);
  return lines.reduce((sum, { length }) => sum + length, 0) > LONGEST ? undefined : { lines };
}

export function recordedModule(ending: ModuleEnding, source: string): RecordedAnswer | undefined {
  return source.length > LONGEST ? undefined : { ending, source };
}

/** To be judged again. `file` is where it was kept. */
export function answerFrom(recorded: RecordedAnswer, file: string): Answer {
  const at = { file, line: 1, column: 1 };
  if ('lines' in recorded) return { kind: 'lines', lines: recorded.lines.map((text) => ({ text, at })), at };
  const { ending, source } = recorded;
  const language = ending === 'py' ? 'python' : 'node';
  return { kind: 'code', language, source, file: `answer.${ending}`, at };
}

/** As a file that anyone may edit has it; undefined for anything else. */
export function readRecorded(value: unknown): RecordedAnswer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { lines, ending, source } = value as Record<string, unknown>;
  if (Array.isArray(lines) && lines.every((line) => typeof line === 'string')) return { lines };
  const known = MODULE_ENDINGS.find((one) => one === ending);
  return known && typeof source === 'string' ? { ending: known, source } : undefined;
}

function lineOf(args: readonly Buffer[]): string {
  const [first, ...rest] = args.map(String);
  // `.connect` takes its URL as it is.
  if (first === '.connect') return [first, ...rest].join(' ');
  return args.map((arg) => (PLAIN.test(String(arg)) && isWhole(arg) ? String(arg) : quoted(arg))).join(' ');
}

function isWhole(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes);
}
