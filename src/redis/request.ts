import { ProtocolError } from './decode.ts';
import { splitArgs } from './split.ts';

/** What a client sent in one piece of the protocol: a command, or an empty one, which no server answers. */
export interface Request {
  args: Buffer[];
  /** Exactly what was sent: a view of the bytes that were read. */
  raw: Buffer;
}

/** What Redis itself refuses: a line without an end, more arguments, a longer one. */
const LONGEST_LINE = 2 ** 16;
const MOST_ARGS = 2 ** 31 - 1;
const LONGEST_ARG = 2 ** 29;

/**
 * Bytes of a client, in chunks as they come, into its commands: arrays of bulk strings, or inline commands as
 * a person types them into telnet. No I/O. Source: the RESP specification.
 */
export class RequestDecoder {
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes that must be there before the next command can be whole. */
  #wanted = 1;

  /** How many bytes were read that make no whole request yet. */
  get pending(): number {
    return this.#size;
  }

  /** Those bytes; after a ProtocolError, all from the request on that is none. */
  get rest(): Buffer {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
  }

  /** Each request that `chunk` completes, read as it is asked for. Throws ProtocolError. */
  *read(chunk: Buffer): Generator<Request, void, void> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#wanted) return;
    const bytes = this.rest;
    let at = 0;
    try {
      while (at < bytes.length) {
        const request = this.#readOne(bytes, at);
        if (request === undefined) break;
        const raw = bytes.subarray(at, request.next);
        at = request.next;
        this.#wanted = 1;
        yield { args: request.args, raw };
      }
    } finally {
      this.#chunks = at < bytes.length ? [bytes.subarray(at)] : [];
      this.#size = bytes.length - at;
    }
  }

  /** The request at `from`; undefined where it is not whole yet. */
  #readOne(bytes: Buffer, from: number): { args: Buffer[]; next: number } | undefined {
    if (bytes[from] !== ASTERISK) return this.#readInline(bytes, from);
    const head = lineAt(bytes, from);
    if (head === undefined) return this.#more(bytes.length - from + 1);
    const args: Buffer[] = [];
    let at = head.next;
    for (let missing = lengthIn(head.text, '*', -1, MOST_ARGS); missing > 0; missing--) {
      const size = lineAt(bytes, at);
      if (size === undefined) return this.#more(bytes.length - from + 1);
      const end = size.next + lengthIn(size.text, '$', 0, LONGEST_ARG);
      if (bytes.length < end + 2) return this.#more(end + 2 - from);
      // A copy: a view would keep the whole chunk of the socket in memory.
      args.push(Buffer.from(bytes.subarray(size.next, end)));
      at = end + 2;
    }
    return { args, next: at };
  }

  #readInline(bytes: Buffer, from: number): { args: Buffer[]; next: number } | undefined {
    const end = endOfLine(bytes, from, '\n');
    if (end === undefined) return this.#more(bytes.length - from + 1);
    const args = splitArgs(bytes.subarray(from, end));
    if (args === null) throw new ProtocolError('Protocol error: unbalanced quotes in request');
    return { args, next: end + 1 };
  }

  #more(wanted: number): undefined {
    this.#wanted = wanted;
  }
}

const ASTERISK = '*'.charCodeAt(0);

function lineAt(bytes: Buffer, from: number): { text: string; next: number } | undefined {
  const end = endOfLine(bytes, from, '\r\n');
  return end === undefined ? undefined : { text: bytes.toString('latin1', from, end), next: end + 2 };
}

/** Where the line at `from` ends; undefined where that has not come yet. */
function endOfLine(bytes: Buffer, from: number, mark: '\n' | '\r\n'): number | undefined {
  const end = bytes.indexOf(mark, from, 'latin1');
  if (end >= 0) return end;
  if (bytes.length - from > LONGEST_LINE) throw new ProtocolError('Protocol error: a line without an end');
  return undefined;
}

function lengthIn(line: string, type: '*' | '$', least: number, most: number): number {
  const length = Number(line.slice(1));
  if (line[0] !== type || !/^(-1|\d+)$/.test(line.slice(1)) || length < least || length > most)
    throw new ProtocolError(`Protocol error: ${JSON.stringify(line.slice(0, 20))} in a request`);
  return length;
}
