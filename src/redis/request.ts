import { ProtocolError } from './decode.ts';
import { splitArgs } from './split.ts';

/**
 * Bytes of a client, in chunks as they come, into its commands: arrays of bulk strings, or inline commands as
 * a person types them into telnet. No I/O. Source: the RESP specification.
 */
export class RequestDecoder {
  readonly #onCommand: (args: Buffer[], raw: Buffer) => void;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes that must be there before the next command can be whole. */
  #wanted = 1;

  constructor(onCommand: (args: Buffer[], raw: Buffer) => void) {
    this.#onCommand = onCommand;
  }

  /** Bytes of a command that is not whole yet. */
  get pending(): number {
    return this.#size;
  }

  /** Gives each command that `chunk` completes to the callback, in order, with its own bytes. Throws ProtocolError. */
  write(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#wanted) return;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    let at = 0;
    while (at < bytes.length) {
      const command = this.#read(bytes, at);
      if (command === undefined) break;
      const raw = bytes.subarray(at, command.next);
      at = command.next;
      this.#wanted = 1;
      this.#onCommand(command.args, raw);
    }
    this.#chunks = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#size = bytes.length - at;
  }

  /** The command at `from`; undefined where it is not whole yet. */
  #read(bytes: Buffer, from: number): { args: Buffer[]; next: number } | undefined {
    if (bytes[from] !== ASTERISK) return this.#readInline(bytes, from);
    const head = lineAt(bytes, from);
    if (head === undefined) return this.#more(bytes.length - from + 1);
    const args: Buffer[] = [];
    let at = head.next;
    for (let missing = lengthIn(head.text, '*'); missing > 0; missing--) {
      const size = lineAt(bytes, at);
      if (size === undefined) return this.#more(bytes.length - from + 1);
      const end = size.next + lengthIn(size.text, '$');
      if (bytes.length < end + 2) return this.#more(end + 2 - from);
      // A copy: a view would keep the whole chunk of the socket in memory.
      args.push(Buffer.from(bytes.subarray(size.next, end)));
      at = end + 2;
    }
    return { args, next: at };
  }

  #readInline(bytes: Buffer, from: number): { args: Buffer[]; next: number } | undefined {
    const end = bytes.indexOf('\n', from);
    if (end < 0) return this.#more(bytes.length - from + 1);
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
  const end = bytes.indexOf('\r\n', from, 'latin1');
  return end < 0 ? undefined : { text: bytes.toString('latin1', from, end), next: end + 2 };
}

function lengthIn(line: string, type: '*' | '$'): number {
  const digits = line.slice(1);
  if (line[0] !== type || !/^(-1|\d+)$/.test(digits))
    throw new ProtocolError(`Protocol error: ${JSON.stringify(line.slice(0, 20))} in a request`);
  return Number(digits);
}
