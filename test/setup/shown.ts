import { stripVTControlCharacters } from 'node:util';

/** What somebody at a prompt has been shown so far, and what they wait for. */
export class Shown {
  /** Everything as it came, escape codes included. */
  raw = '';
  #read = 0;
  #ended = false;
  #wake: () => void = () => {};

  /** All that was shown, without colours. */
  get text(): string {
    return stripVTControlCharacters(this.raw).replaceAll('\r', '');
  }

  /** Waits until `wanted` is shown after what was waited for last; returns what was shown up to its end. */
  async until(wanted: string | RegExp): Promise<string> {
    for (;;) {
      const fresh = this.text.slice(this.#read);
      const at = typeof wanted === 'string' ? fresh.indexOf(wanted) : fresh.search(wanted);
      if (at >= 0) {
        const length = typeof wanted === 'string' ? wanted.length : wanted.exec(fresh)![0].length;
        this.#read += at + length;
        return fresh.slice(0, at + length);
      }
      if (this.#ended) throw new Error(`ended before ${wanted}:\n${fresh}`);
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }

  protected shown(data: string): void {
    this.raw += data;
    this.#wake();
  }

  protected ended(): void {
    this.#ended = true;
    this.#wake();
  }
}
