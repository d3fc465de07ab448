import {
  clearLine,
  clearScreenDown,
  createInterface,
  cursorTo,
  type Interface,
  moveCursor,
} from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { History } from './history.ts';

export interface Terminal {
  input: Readable & { isTTY?: boolean; setRawMode?(mode: boolean): void };
  output: Writable & { isTTY?: boolean; columns?: number };
}

export interface PromptOptions extends Terminal {
  history: History;
  /** Words that may stand where the cursor is, and the part of the line that they replace. */
  complete?: (line: string) => [words: string[], replaced: string];
  /** Grey text to show behind what is typed. */
  hint?: (line: string) => string;
  /** Dims a hint; absent where the terminal has no colours. */
  dim?: (text: string) => string;
  /** Ctrl-C. `typed` is what stood on the line, which is gone by now. */
  onInterrupt: (typed: string) => void;
}

/**
 * A line editor that stays open while commands run, so that what is typed ahead is kept. Lines come in
 * order from `next`; `undefined` is the end of input (Ctrl-D).
 */
export class Prompt {
  readonly #options: PromptOptions;
  #editor: Interface;
  #label = '> ';
  readonly #lines: string[] = [];
  #ended = false;
  #waiting: ((line: string | undefined) => void) | undefined;
  #hintShown = false;

  constructor(options: PromptOptions) {
    this.#options = options;
    this.#editor = this.#open();
  }

  /** Shows the label and waits for a line. */
  next(label: string): Promise<string | undefined> {
    this.#label = label;
    this.#editor.setPrompt(label);
    const line = this.#lines.shift();
    if (line !== undefined || this.#ended) {
      if (line !== undefined) this.#options.output.write(`${label}${line}\n`);
      return Promise.resolve(line);
    }
    this.#editor.prompt(true);
    this.#drawHint();
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** Lets `draw` write above the line being edited, e.g. a message that has just come in. */
  above(draw: () => void): void {
    const { output } = this.#options;
    const editing = this.#waiting !== undefined;
    if (editing && output.isTTY) {
      this.#clearHint();
      const { rows } = this.#editor.getCursorPos();
      moveCursor(output, 0, -rows);
      cursorTo(output, 0);
      clearScreenDown(output);
    }
    draw();
    if (editing) this.#editor.prompt(true);
  }

  /** Gives the keyboard away, to a menu say, and takes it back when that is done. */
  async lend<T>(borrower: () => Promise<T>): Promise<T> {
    this.#close();
    try {
      return await borrower();
    } finally {
      this.#editor = this.#open();
    }
  }

  close(): void {
    this.#close();
    this.#end();
  }

  #open(): Interface {
    const { input, output, history, complete } = this.#options;
    const editor = createInterface({
      input,
      output,
      prompt: this.#label,
      terminal: Boolean(input.isTTY && output.isTTY) && process.env.TERM !== 'dumb',
      history: history.lines.toReversed(),
      historySize: 1000,
      removeHistoryDuplicates: true,
      ...(complete && { completer: complete }),
    });
    editor.on('line', (line) => this.#take(line));
    editor.on('SIGINT', () => this.#interrupt());
    // A closed editor has said so once: only the one in use may end the input.
    editor.on('close', () => {
      if (this.#editor !== editor || this.#closing) return;
      // Ctrl-D leaves the cursor behind the label.
      if (this.#waiting) output.write('\n');
      this.#end();
    });
    input.prependListener('keypress', this.#clearHint);
    input.on('keypress', this.#drawHint);
    return editor;
  }

  #closing = false;
  #close(): void {
    const { input } = this.#options;
    this.#clearHint();
    input.off('keypress', this.#clearHint);
    input.off('keypress', this.#drawHint);
    this.#closing = true;
    this.#editor.close();
    this.#closing = false;
  }

  #end(): void {
    this.#ended = true;
    this.#waiting?.(undefined);
    this.#waiting = undefined;
  }

  #take(line: string): void {
    void this.#options.history.add(line);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(line);
    else this.#lines.push(line);
  }

  #interrupt(): void {
    const typed = this.#editor.line;
    this.#lines.length = 0;
    if (typed !== '') {
      // Ctrl-E first: the cursor may stand in the middle of several rows.
      this.#editor.write(null, { ctrl: true, name: 'e' });
      this.#options.output.write('^C\n');
      Object.assign(this.#editor, { line: '', cursor: 0 });
    }
    this.#options.onInterrupt(typed);
    if (this.#waiting) this.#editor.prompt();
  }

  readonly #clearHint = (): void => {
    if (!this.#hintShown) return;
    this.#hintShown = false;
    clearLine(this.#options.output, 1);
  };

  readonly #drawHint = (): void => {
    const { hint, dim, output } = this.#options;
    if (!hint || !dim || !this.#waiting || !this.#editor.terminal) return;
    const { line, cursor } = this.#editor;
    if (line === '' || cursor !== line.length) return;
    const { rows, cols } = this.#editor.getCursorPos();
    const room = (output.columns ?? 80) - cols - 1;
    const full = hint(line);
    // Hints are ASCII: one character is one column.
    const text = full.length > room ? full.slice(0, Math.max(0, room)) : full;
    if (text === '' || rows > 3) return;
    output.write(`${dim(text)}\x1b[${text.length}D`);
    this.#hintShown = true;
  };
}
