import { themeFor } from './theme.ts';

/** How far something has come: the last line of the terminal, on standard error; nothing where that is none. */
export class ProgressBar {
  readonly #draws = process.stderr.isTTY && process.env.TERM !== 'dumb';
  #shown = '';

  draw(done: number, all: number): void {
    if (!this.#draws) return;
    const { sign } = themeFor(process.stderr);
    const width = Math.max(0, Math.min(40, (process.stderr.columns ?? 80) - 20));
    const full = all > 0 ? Math.round((done / all) * width) : 0;
    this.#shown = `\r${sign.full.repeat(full)}${sign.empty.repeat(width - full)} ${done}/${all}`;
    process.stderr.write(this.#shown);
  }

  /** Does something that writes to the terminal, with the bar out of its way. */
  above(write: () => void): void {
    const shown = this.#shown;
    this.end();
    write();
    if (shown) process.stderr.write(shown);
    this.#shown = shown;
  }

  end(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K');
    this.#shown = '';
  }
}
