import { quoted } from './print.ts';
import type { Reply } from './reply.ts';

/**
 * The server sent what is not RESP 2 or 3, or what redis-cli refuses of it; the message has its words. Nothing
 * after it on the connection can be trusted.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

interface OpenAggregate {
  type: 'array' | 'set' | 'push' | 'map';
  missing: number;
  items: Reply[];
}

const AGGREGATES: Record<string, OpenAggregate['type']> = {
  '*': 'array',
  '~': 'set',
  '>': 'push',
  '%': 'map',
};
const TYPES = '+-:,(#_$=*~>%';
const NIL: Reply = { type: 'nil' };
const COLON = 0x3a;
/** Limits of hiredis, which redis-cli reads replies with. */
const LONGEST_DOUBLE = 325;
const MOST_ITEMS = 2 ** 32 - 1;

/** Bytes of the server, in chunks as they come, into replies of RESP 2 and 3 with nothing lost. No I/O. */
export class ReplyDecoder {
  readonly #onReply: (reply: Reply) => void;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes that must be there before the next token can be whole. */
  #wanted = 1;
  #open: OpenAggregate[] = [];

  constructor(onReply: (reply: Reply) => void) {
    this.#onReply = onReply;
  }

  /** Gives each reply that `chunk` completes to the callback, in order. Throws ProtocolError. */
  write(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#wanted) return;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    let at = 0;
    try {
      for (let token = this.#read(bytes, at); token !== undefined; token = this.#read(bytes, at)) {
        at = token.next;
        if (token.reply !== undefined) this.#complete(token.reply);
      }
    } finally {
      this.#chunks = at < bytes.length ? [bytes.subarray(at)] : [];
      this.#size = bytes.length - at;
    }
  }

  /** Is a reply half there? */
  get midway(): boolean {
    return this.#size > 0 || this.#open.length > 0;
  }

  /** Forgets a half-read reply. */
  reset(): void {
    this.#chunks = [];
    this.#size = 0;
    this.#wanted = 1;
    this.#open = [];
  }

  /** The token at `at`; undefined where it is not whole yet; without a reply where it opens an aggregate. */
  #read(bytes: Buffer, at: number): { reply?: Reply; next: number } | undefined {
    const type = bytes.toString('latin1', at, at + 1);
    if (!TYPES.includes(type))
      throw new ProtocolError(`Protocol error, got ${quoted(bytes.subarray(at, at + 1))} as reply type byte`);
    const end = bytes.indexOf('\r\n', at, 'latin1');
    if (end < 0) {
      this.#wanted = bytes.length - at + 1;
      return undefined;
    }
    const next = end + 2;
    const line = bytes.toString('latin1', at + 1, end);
    switch (type) {
      case '+':
      case '-':
        must(!/[\r\n]/.test(line), 'Bad simple string value');
        return {
          reply: { type: type === '+' ? 'status' : 'error', bytes: Buffer.from(line, 'latin1') },
          next,
        };
      case ':':
        must(isInteger(line), 'Bad integer value');
        return { reply: { type: 'integer', text: line }, next };
      case ',':
        must(line.length <= LONGEST_DOUBLE, 'Double value is too large');
        must(isDouble(line), 'Bad double value');
        return { reply: { type: 'double', text: line }, next };
      case '(':
        must(/^-?\d*$/.test(line), 'Bad bignum value');
        return { reply: { type: 'big-number', text: line }, next };
      case '#':
        must(/^[tf]$/i.test(line), 'Bad bool value');
        return { reply: { type: 'boolean', value: line.toLowerCase() === 't' }, next };
      case '_':
        must(line === '', 'Bad nil value');
        return { reply: NIL, next };
      case '$':
      case '=':
        must(isInteger(line), 'Bad bulk string length');
        must(Number(line) >= -1, 'Bulk string length out of range');
        return this.#readBlob(type, Number(line), bytes, next, at);
      default:
        must(isInteger(line), 'Bad multi-bulk length');
        must(Number(line) >= -1 && Number(line) <= MOST_ITEMS, 'Multi-bulk length out of range');
        return this.#openAggregate(AGGREGATES[type]!, Number(line), next);
    }
  }

  #readBlob(type: '$' | '=', length: number, bytes: Buffer, from: number, at: number) {
    if (length < 0) return { reply: NIL, next: from };
    const end = from + length;
    if (bytes.length < end + 2) {
      this.#wanted = end + 2 - at;
      return undefined;
    }
    return { reply: blob(type, bytes, from, end), next: end + 2 };
  }

  #openAggregate(type: OpenAggregate['type'], length: number, next: number): { reply?: Reply; next: number } {
    if (length < 0) return { reply: NIL, next };
    const missing = type === 'map' ? length * 2 : length;
    const aggregate: OpenAggregate = { type, missing, items: [] };
    if (missing === 0) return { reply: closed(aggregate), next };
    this.#open.push(aggregate);
    return { next };
  }

  /** Puts a whole value into the aggregate that waits for it, or hands it over where none does. */
  #complete(reply: Reply): void {
    let whole = reply;
    for (let around = this.#open.at(-1); around !== undefined; around = this.#open.at(-1)) {
      around.items.push(whole);
      if (--around.missing > 0) return;
      this.#open.pop();
      whole = closed(around);
    }
    this.#onReply(whole);
  }
}

function closed({ type, items }: OpenAggregate): Reply {
  if (type !== 'map') return { type, items };
  const entries: [Reply, Reply][] = [];
  for (let i = 0; i < items.length; i += 2) entries.push([items[i]!, items[i + 1]!]);
  return { type, entries };
}

function blob(type: '$' | '=', within: Buffer, from: number, to: number): Reply {
  // A copy: a view would keep the whole chunk of the socket in memory.
  const bytes = Buffer.from(within.subarray(from, to));
  if (type === '$') return { type: 'bulk', bytes };
  must(bytes[3] === COLON, 'Verbatim string 4 bytes of content type are missing or incorrectly encoded.');
  return { type: 'verbatim', format: bytes.toString('latin1', 0, 3), bytes: bytes.subarray(4) };
}

/** A whole number of 64 bits, written as a server writes it: no plus sign, no leading zeros. */
function isInteger(line: string): boolean {
  if (!/^(0|-?[1-9]\d*)$/.test(line)) return false;
  return line.length < 19 || BigInt.asIntN(64, BigInt(line)) === BigInt(line);
}

/** `nan` is one for us, so that a prompt goes on; the printer refuses it. */
function isDouble(line: string): boolean {
  if (/^-?(inf|nan)$/i.test(line)) return true;
  return /^[\t-\r ]*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(line) && Number.isFinite(Number(line));
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new ProtocolError(otherwise);
}
