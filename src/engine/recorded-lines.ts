import type { SeenCommand } from '../checks/evidence/evidence.ts';
import { quoted } from '../redis/print.ts';
import { commandName } from '../redis/session.ts';
import { LONGEST, type RecordedAnswer } from './recorded-answer.ts';

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

function lineOf(args: readonly Buffer[]): string {
  const [first, ...rest] = args.map(String);
  // `.connect` takes its URL as it is.
  if (first === '.connect') return [first, ...rest].join(' ');
  return args.map((arg) => (PLAIN.test(String(arg)) && isWhole(arg) ? String(arg) : quoted(arg))).join(' ');
}

function isWhole(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes);
}
