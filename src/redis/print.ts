import { ExitCode, Failure } from '../failure.ts';
import type { Reply } from './reply.ts';

/** A reply that redis-cli refuses to print, with its words; it ends there, a prompt can go on. */
export class Unprintable extends Failure {
  override readonly name = 'Unprintable';
  constructor(message: string) {
    super(message, { exitCode: ExitCode.failed });
  }
}

/** `--no-raw`, what redis-cli shows on a terminal, and `--raw`, what it writes into a pipe. */
export type Form = 'formatted' | 'raw';

/**
 * What redis-cli writes for a reply to these arguments, in either form, last newline included.
 * Throws `Unprintable` for the two replies that it refuses.
 */
export function printAnswer(args: readonly Buffer[], reply: Reply, form: Form): Buffer {
  if (rawOutput(args)) return raw(reply);
  return form === 'raw' ? printRaw(reply) : printReply(reply);
}

/** The reply as `redis-cli --no-raw` writes it. */
export function printReply(reply: Reply): Buffer {
  return invalidated(reply) ?? formatted(reply, '');
}

/** The reply as `redis-cli --raw` writes it. */
export function printRaw(reply: Reply): Buffer {
  return Buffer.concat([raw(reply), NEWLINE]);
}

/** Does redis-cli write the reply to this command as it is, in both forms, with no newline added? */
export function rawOutput(args: readonly Buffer[]): boolean {
  const [command = '', second = ''] = args.slice(0, 2).map((arg) => text(arg).toLowerCase());
  switch (command) {
    case 'info':
    case 'lolwut':
      return true;
    case 'debug':
      return ['htstats', 'htstats-key', 'client-eviction'].includes(second);
    case 'memory':
      return ['malloc-stats', 'doctor'].includes(second);
    case 'client':
      return ['list', 'info'].includes(second);
    case 'cluster':
      return args.length === 2 && ['nodes', 'info'].includes(second);
    case 'latency':
      return second === 'graph' ? args.length === 3 : second === 'doctor' && args.length === 2;
    case 'proxy':
      return second === 'info';
    default:
      return false;
  }
}

const NEWLINE = Buffer.from('\n');
const SEPARATOR = { array: ')', push: ')', set: '~', map: '#' } as const;
const EMPTY = {
  array: '(empty array)\n',
  push: '(empty push)\n',
  set: '(empty set)\n',
  map: '(empty hash)\n',
};

type Aggregate = Extract<Reply, { type: 'array' | 'set' | 'push' | 'map' }>;

function formatted(reply: Reply, prefix: string): Buffer {
  switch (reply.type) {
    case 'error':
      return Buffer.concat([Buffer.from('(error) '), cString(reply.bytes), NEWLINE]);
    case 'status':
      return Buffer.concat([cString(reply.bytes), NEWLINE]);
    case 'verbatim':
      return Buffer.concat([reply.bytes, NEWLINE]);
    case 'integer':
      return Buffer.from(`(integer) ${reply.text}\n`);
    case 'double':
      return Buffer.from(`(double) ${decimal(reply.text)}\n`);
    case 'bulk':
      return Buffer.from(`${quoted(reply.bytes)}\n`);
    case 'nil':
      return Buffer.from('(nil)\n');
    case 'boolean':
      return Buffer.from(reply.value ? '(true)\n' : '(false)\n');
    case 'big-number':
      throw new Unprintable('Unknown reply type: 13');
    default:
      return formattedAggregate(reply, prefix);
  }
}

function formattedAggregate(reply: Aggregate, prefix: string): Buffer {
  const entries = reply.type === 'map' ? reply.entries : reply.items.map((item) => [item] as const);
  if (entries.length === 0) return Buffer.from(EMPTY[reply.type]);
  const width = String(entries.length).length;
  const inner = prefix + ' '.repeat(width + 2);
  const lines: Buffer[] = [];
  entries.forEach(([first, value], index) => {
    // The parent has already written the prefix of the first element's line.
    const number = String(index + 1).padStart(width);
    lines.push(Buffer.from(`${index === 0 ? '' : prefix}${number}${SEPARATOR[reply.type]} `));
    const shown = formatted(first, inner);
    if (value === undefined) {
      lines.push(shown);
      return;
    }
    lines.push(shown.subarray(0, -1), Buffer.from(isMultiline(value) ? ` => \n${inner}` : ' => '));
    lines.push(formatted(value, inner));
  });
  return Buffer.concat(lines);
}

/** Does the formatted reply take several lines? A single element takes as many as its own value. */
function isMultiline(reply: Reply): boolean {
  switch (reply.type) {
    case 'array':
    case 'set':
    case 'push':
      return reply.items.length > 1 || (reply.items.length === 1 && isMultiline(reply.items[0]!));
    case 'map':
      return reply.entries.length > 1 || (reply.entries.length === 1 && isMultiline(reply.entries[0]![1]));
    default:
      return false;
  }
}

function raw(reply: Reply): Buffer {
  switch (reply.type) {
    case 'nil':
      return Buffer.alloc(0);
    case 'error':
      return Buffer.concat([reply.bytes, NEWLINE]);
    case 'status':
    case 'bulk':
    case 'verbatim':
      return reply.bytes;
    case 'boolean':
      return Buffer.from(reply.value ? '(true)' : '(false)');
    case 'integer':
      return Buffer.from(reply.text);
    case 'double':
      return Buffer.from(decimal(reply.text));
    case 'big-number':
      throw new Unprintable('Unknown reply type: 13');
    case 'map':
      return joined(
        reply.entries.map(([key, value]) => Buffer.concat([raw(key), Buffer.from(' '), raw(value)])),
      );
    default:
      return joined(reply.items.map(raw));
  }
}

function joined(lines: Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [NEWLINE, line])));
}

/** The notice of client-side caching that keys have changed has a form of its own. */
function invalidated(reply: Reply): Buffer | undefined {
  if (reply.type !== 'push' || reply.items.length !== 2) return undefined;
  const [kind, keys] = reply.items;
  if (kind?.type !== 'bulk' || text(kind.bytes) !== 'invalidate' || keys?.type !== 'array') return undefined;
  const names = keys.items.map((key) => (key.type === 'bulk' ? `'${text(cString(key.bytes))}'` : "''"));
  return Buffer.from(`-> invalidate: ${names.join(', ')}\n`, 'latin1');
}

/** Bytes in double quotes that splitArgs reads back: \n \r \t \a \b \\ \" and \xHH for all but printable ASCII. */
export function quoted(bytes: Buffer): string {
  let out = '"';
  for (const byte of bytes) out += QUOTED[byte];
  return `${out}"`;
}

const NAMED: Record<number, string> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};
const QUOTED = Array.from({ length: 256 }, (_, byte) => {
  if (NAMED[byte]) return NAMED[byte];
  return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
});

function decimal(number: string): string {
  if (/nan/i.test(number)) throw new Unprintable('Error: Bad double value');
  return number;
}

/** redis-cli handles statuses and errors as C strings, which end at a NUL byte. */
function cString(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function text(bytes: Buffer): string {
  return bytes.toString('latin1');
}
