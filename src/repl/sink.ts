import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Written at once when this much has gathered. */
const FULL = 1 << 16;

/** An output that gathers what is written in one turn of the event loop into one write. */
export class Sink {
  /** Bytes that were ever given to it. */
  total = 0;
  readonly #output: Writable;
  #chunks: Buffer[] = [];
  #size = 0;
  #scheduled = false;
  #gone: NodeJS.ErrnoException | undefined;

  /** `onGone` is called once, when nobody reads any more (EPIPE) or nothing more can be written. */
  constructor(output: Writable, onGone: (error: NodeJS.ErrnoException) => void) {
    this.#output = output;
    output.once('error', (error) => {
      this.#gone = error;
      onGone(error);
      // More of the same may follow.
      output.on('error', () => {});
    });
  }

  write(bytes: Buffer): void {
    if (this.#gone) return;
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    this.total += bytes.length;
    if (this.#size >= FULL) this.#flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    }
  }

  /** Resolves when there is room for more. */
  async room(): Promise<void> {
    this.#flush();
    if (this.#output.writableNeedDrain && !this.#gone)
      await Promise.race([once(this.#output, 'drain'), once(this.#output, 'error')]).catch(() => {});
  }

  /** Resolves when all is written, or never will be. */
  async end(): Promise<void> {
    this.#flush();
    if (this.#gone) return;
    await new Promise<void>((resolve) => this.#output.write('', () => resolve()));
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#size === 0) return;
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#size = 0;
    this.#output.write(bytes);
  }
}
