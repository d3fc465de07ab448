import type { Socket } from 'node:net';
import { dial, fault } from '../redis/dial.ts';
import type { Target } from '../redis/target.ts';

/** A plain conversation with whatever listens somewhere, before anything is known of it. */
export class Probe {
  readonly #socket: Socket;
  readonly #waiting: { resolve: (reply: string) => void; reject: (error: Error) => void }[] = [];
  #received: Buffer = Buffer.alloc(0);
  #broken: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(fault('ECLOSED', 'the connection was closed')));
  }

  /**
   * Connects, without logging in; `timeout` milliseconds hold for this and for each later `ask` alone.
   * Rejects with the socket's error, or one of code ETIMEDOUT.
   */
  static async open(target: Target, timeout: number): Promise<Probe> {
    const socket = await dial(target, timeout);
    socket.setTimeout(timeout, () => socket.destroy(fault('ETIMEDOUT', 'no answer')));
    return new Probe(socket);
  }

  /**
   * The reply as text: a status with `+` and an error with `-` before it, a bulk string's contents or a
   * number as they are. Rejects with `NotRedis` for anything else, or with the socket's error.
   */
  ask(...args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#broken) {
        reject(this.#broken);
        return;
      }
      this.#waiting.push({ resolve, reject });
      const words = args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`);
      this.#socket.write(`*${args.length}\r\n${words.join('')}`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length > 0) {
      const kind = String.fromCharCode(this.#received[0]!);
      if (!'+-:$'.includes(kind)) {
        this.#fail(new NotRedis(this.#received));
        return;
      }
      const end = this.#received.indexOf('\r\n');
      if (end < 0) return;
      const line = this.#received.subarray(1, end).toString();
      let length = end + 2;
      let reply = kind === '+' || kind === '-' ? kind + line : line;
      if (kind === '$') {
        const size = Number(line);
        if (this.#received.length < length + size + 2) return;
        reply = this.#received.subarray(length, length + size).toString();
        length += size + 2;
      }
      this.#received = this.#received.subarray(length);
      this.#waiting.shift()?.resolve(reply);
    }
  }

  #fail(error: Error): void {
    this.#broken ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#broken);
    this.#socket.destroy();
  }
}

/** What answered does not speak as Redis does. */
export class NotRedis extends Error {
  override readonly name = 'NotRedis';
  /** Its first bytes. */
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    super('not a reply of Redis');
    this.bytes = bytes;
  }
}
