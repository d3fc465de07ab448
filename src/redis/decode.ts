import type { Reply } from './reply.ts';

/** The server sent what is not RESP 2 or 3. Nothing after it on the connection can be trusted. */
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
const NIL: Reply = { type: 'nil' };

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

  /** Forgets a half-read reply. */
  reset(): void {
    this.#chunks = [];
    this.#size = 0;
    this.#wanted = 1;
    this.#open = [];
  }

  /** The token at `at`; undefined where it is not whole yet; without a reply where it opens an aggregate. */
  #read(bytes: Buffer, at: number): { reply?: Reply; next: number } | undefined {
    const end = bytes.indexOf('\r\n', at, 'latin1');
    if (end < 0) {
      this.#wanted = bytes.length - at + 1;
      return undefined;
    }
    const type = String.fromCharCode(bytes[at]!);
    const next = end + 2;
    const line = () => bytes.toString('latin1', at + 1, end);
    switch (type) {
      case '+':
        return { reply: { type: 'status', bytes: copy(bytes, at + 1, end) }, next };
      case '-':
        return { reply: { type: 'error', bytes: copy(bytes, at + 1, end) }, next };
      case ':':
        return { reply: { type: 'integer', text: matched(line(), /^[+-]?\d+$/) }, next };
      case ',':
        return { reply: { type: 'double', text: line() }, next };
      case '(':
        return { reply: { type: 'big-number', text: matched(line(), /^[+-]?\d+$/) }, next };
      case '#':
        return { reply: { type: 'boolean', value: matched(line(), /^[tf]$/) === 't' }, next };
      case '_':
        return { reply: NIL, next };
      case '$':
      case '=':
      case '!':
        return this.#readBlob(type, Number(matched(line(), /^(-1|\d+)$/)), bytes, next, at);
      case '*':
      case '~':
      case '>':
      case '%':
        return this.#openAggregate(AGGREGATES[type]!, Number(matched(line(), /^(-1|\d+)$/)), next);
      default:
        throw new ProtocolError(`Protocol error, got ${JSON.stringify(type)} as reply type byte`);
    }
  }

  #readBlob(type: '$' | '=' | '!', length: number, bytes: Buffer, from: number, at: number) {
    if (length < 0) return { reply: NIL, next: from };
    const end = from + length;
    if (bytes.length < end + 2) {
      this.#wanted = end + 2 - at;
      return undefined;
    }
    return { reply: blob(type, copy(bytes, from, end)), next: end + 2 };
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

function blob(type: '$' | '=' | '!', bytes: Buffer): Reply {
  if (type === '$') return { type: 'bulk', bytes };
  if (type === '!') return { type: 'error', bytes };
  return { type: 'verbatim', format: bytes.toString('latin1', 0, 3), bytes: bytes.subarray(4) };
}

/** A copy: a view would keep the whole chunk of the socket in memory. */
function copy(bytes: Buffer, from: number, to: number): Buffer {
  return Buffer.from(bytes.subarray(from, to));
}

function matched(line: string, form: RegExp): string {
  if (!form.test(line)) throw new ProtocolError(`Protocol error, got ${JSON.stringify(line)} as a number`);
  return line;
}
