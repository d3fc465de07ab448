import {
  clearLine,
  clearScreenDown,
  createInterface,
  cursorTo,
  type Interface,
  type Key,
  moveCursor,
} from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { type History, hasSecret } from './history.ts';
import { ReverseSearch } from './reverse-search.ts';

export interface Terminal {
  input: Readable & { isTTY?: boolean; setRawMode?(mode: boolean): void };
  output: Writable & { isTTY?: boolean; columns?: number };
}

export interface PromptOptions extends Terminal {
  history: History;
  /** Words that may stand where the cursor is, and the part of the line that they replace. */
  complete?: (line: string) => Promise<[words: string[], replaced: string]>;
  /** Grey text to show behind what is typed. */
  hint?: (line: string) => string;
  /** Dims a hint; absent where the terminal has no colours. */
  dim?: (text: string) => string;
  /** Ctrl-C. `typed` is what stood on the line, which is gone by now; undefined: Ctrl-D while a command runs. */
  onInterrupt: (typed: string | undefined) => void;
}

/** What readline hands each key to. Node's own REPL puts itself before it in this way too. */
interface Editor extends Interface {
  _ttyWrite(text: string | undefined, key: Key): void;
  isCompletionEnabled: boolean;
  /** Rows between the beginning of the line and the cursor, as they were drawn last. */
  prevRows: number;
}

/**
 * A line editor that stays open while commands run. What is typed meanwhile is kept, and drawn once its turn has come.
 * Lines come in order from `next`; `undefined` is the end of input (Ctrl-D).
 */
export class Prompt {
  /** Whether the terminal is gone. */
  orphaned = false;
  readonly #options: PromptOptions;
  #editor!: Editor;
  #search!: ReverseSearch;
  #label = '> ';
  /** Keys typed ahead. */
  #ahead: [text: string | undefined, key: Key][] = [];
  /** Lines typed ahead where the terminal edits them itself. */
  readonly #lines: string[] = [];
  #ended = false;
  #waiting: ((line: string | undefined) => void) | undefined;
  #hintShown = false;
  /** We end this editor, and not Ctrl-D. */
  #closing = false;
  /** What readline itself does with a key. */
  #readline: Editor['_ttyWrite'] = () => {};

  constructor(options: PromptOptions) {
    this.#options = options;
    this.#open();
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
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#typeAhead();
      this.#drawHint();
    });
  }

  /** Another label from now on, drawn with the line when that is drawn next. */
  relabel(label: string): void {
    this.#label = label;
    if (this.#waiting && !this.#search.active) this.#editor.setPrompt(label);
  }

  /** Lets `draw` write above the line being edited, e.g. a message that has just come in. */
  above(draw: () => void): void {
    const { output } = this.#options;
    const editing = this.#waiting !== undefined;
    if (editing && !this.#editor.terminal) output.write('\n');
    else if (editing) {
      this.#clearHint();
      const { rows } = this.#editor.getCursorPos();
      moveCursor(output, 0, -rows);
      cursorTo(output, 0);
      clearScreenDown(output);
      this.#editor.prevRows = 0;
    }
    draw();
    if (!editing) return;
    this.#editor.prompt(true);
    this.#drawHint();
  }

  /** Gives the keyboard away, to a menu say, and takes it back when that is done. */
  async lend<T>(borrower: () => Promise<T>): Promise<T> {
    this.#close();
    try {
      return await borrower();
    } finally {
      this.#open();
    }
  }

  /** SIGINT, which Ctrl-C sends where the terminal edits lines itself. False where this prompt gets the key. */
  signalled(): boolean {
    if (this.#editor.terminal || this.#ended) return false;
    this.#interrupt();
    return true;
  }

  close(): void {
    this.#close();
    this.#end();
  }

  #open(): void {
    const { input, output, history, complete } = this.#options;
    const editor = createInterface({
      input,
      output,
      prompt: '',
      terminal: Boolean(input.isTTY && output.isTTY) && process.env.TERM !== 'dumb',
      history: history.lines.toReversed(),
      historySize: 1000,
      removeHistoryDuplicates: true,
      ...(complete && {
        completer: (line: string, done: (error: null, result: [string[], string]) => void) =>
          void complete(line).then(
            (result) => done(null, result),
            () => done(null, [[], line]),
          ),
      }),
    }) as Editor;
    this.#editor = editor;
    this.#search = new ReverseSearch(editor, history.lines);
    this.#readline = editor._ttyWrite.bind(editor);
    editor._ttyWrite = (text, key) => this.#key(text, key);
    editor.on('line', (line) => this.#take(line));
    editor.on('history', (lines) => {
      if (hasSecret(lines[0] ?? '')) lines.shift();
    });
    // A terminal whose window was closed: it ends the input, and can't be set back any more.
    editor.on('error', () => {
      this.orphaned = true;
    });
    editor.on('SIGINT', () => this.#interrupt());
    editor.on('SIGTSTP', () => this.#suspend());
    // A closed editor has said so once: only the one in use may end the input.
    editor.on('close', () => {
      if (this.#editor !== editor || this.#closing) return;
      // Ctrl-D leaves the cursor behind the label.
      if (this.#waiting) output.write('\n');
      this.#end();
    });
    input.prependListener('keypress', this.#clearHint);
    input.on('keypress', this.#drawHint);
    output.prependListener('resize', this.#resized);
    process.on('SIGCONT', this.#resume);
  }

  #close(): void {
    const { input, output } = this.#options;
    this.#clearHint();
    input.off('keypress', this.#clearHint);
    input.off('keypress', this.#drawHint);
    output.off('resize', this.#resized);
    process.off('SIGCONT', this.#resume);
    this.#closing = true;
    this.#editor.close();
    this.#closing = false;
  }

  #end(): void {
    this.#ended = true;
    this.#waiting?.(undefined);
    this.#waiting = undefined;
  }

  #key(text: string | undefined, key: Key): void {
    const urgent = key.ctrl && (key.name === 'c' || key.name === 'z');
    if (this.#waiting || urgent) {
      if (!this.#waiting || !this.#search.take(text, key, this.#label)) this.#readline(text, key);
      return;
    }
    const leaving = key.ctrl && key.name === 'd' && this.#ahead.length === 0;
    this.#ahead.push([text, key]);
    if (leaving) this.#options.onInterrupt(undefined);
  }

  #typeAhead(): void {
    // A tab that was pasted is no question.
    this.#editor.isCompletionEnabled = false;
    while (this.#waiting && this.#ahead.length > 0) this.#key(...this.#ahead.shift()!);
    this.#editor.isCompletionEnabled = true;
  }

  #take(line: string): void {
    void this.#options.history.add(line);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    // Nothing is to be drawn on a resize until the next line is asked for.
    if (this.#editor.terminal) this.#editor.setPrompt('');
    if (waiting) waiting(line);
    else this.#lines.push(line);
  }

  #interrupt(): void {
    const typed = this.#editor.line;
    this.#lines.length = 0;
    this.#ahead.length = 0;
    if (!this.#editor.terminal) this.#options.output.write('\n');
    if (typed !== '') {
      // Ctrl-E first: the cursor may stand in the middle of several rows.
      this.#readline(undefined, { ctrl: true, name: 'e' });
      this.#options.output.write('^C\n');
      Object.assign(this.#editor, { line: '', cursor: 0, prevRows: 0 });
    }
    this.#options.onInterrupt(typed);
    if (this.#waiting) this.#editor.prompt();
  }

  /** Ctrl-Z. Nothing stops where there is no shell to come back from. */
  #suspend(): void {
    this.#options.input.setRawMode?.(false);
    process.kill(process.pid, 'SIGTSTP');
    setImmediate(this.#resume);
  }

  readonly #resume = (): void => {
    if (!this.#editor.terminal || this.#ended) return;
    this.#options.input.setRawMode?.(true);
    if (this.#waiting) this.#editor.prompt(true);
  };

  /** The terminal has broken the rows anew by now, and readline goes up by as many as there were. */
  readonly #resized = (): void => {
    if (this.#waiting) this.#editor.prevRows = this.#editor.getCursorPos().rows;
  };

  readonly #clearHint = (): void => {
    if (!this.#hintShown) return;
    this.#hintShown = false;
    clearLine(this.#options.output, 1);
  };

  readonly #drawHint = (): void => {
    const { hint, dim, output } = this.#options;
    if (!hint || !dim || !this.#waiting || !this.#editor.terminal || this.#search.active) return;
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
