import {
  clearScreenDown,
  createInterface,
  cursorTo,
  type Interface,
  type Key,
  moveCursor,
} from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface Terminal {
  input: Readable & { isTTY?: boolean; setRawMode?(mode: boolean): void };
  output: Writable & { isTTY?: boolean; columns?: number };
}

export interface EditorOptions extends Terminal {
  /** Lines that the arrow keys lead to, newest first. */
  history: string[];
  /** Whether a line may be among them from now on. */
  keeps: (line: string) => boolean;
  /** Words that may stand where the cursor is, and the part of the line that they replace. */
  complete?: ((line: string) => Promise<[words: string[], replaced: string]>) | undefined;
  /** Gets every key instead of the editor; `press` hands it on. */
  onKey: (text: string | undefined, key: Key) => void;
  onLine: (line: string) => void;
  /** Ctrl-C. */
  onInterrupt: () => void;
  /** Ctrl-Z. */
  onSuspend: () => void;
  /** The input has come to its end: Ctrl-D, say. Not after `close`. */
  onEnd: () => void;
  /** The terminal is gone: a window that was closed ends the input, and can't be set back any more. */
  onGone: () => void;
}

/** What Node keeps to itself of readline. Its own REPL makes use of it too. */
interface Readline extends Interface {
  _ttyWrite(text: string | undefined, key: Key): void;
  isCompletionEnabled: boolean;
  /** Rows between the beginning of the line and the cursor, as they were drawn last. */
  prevRows: number;
}

/** The line that is being typed, and how it is drawn: readline, and all that we do to what it does not offer. */
export class LineEditor {
  readonly #options: EditorOptions;
  readonly #readline: Readline;
  /** What readline itself does with a key. */
  readonly #press: Readline['_ttyWrite'];
  #closed = false;

  constructor(options: EditorOptions) {
    const { input, output, history, keeps, complete } = options;
    this.#options = options;
    const readline = createInterface({
      input,
      output,
      prompt: '',
      terminal: Boolean(input.isTTY && output.isTTY) && process.env.TERM !== 'dumb',
      history,
      historySize: 1000,
      removeHistoryDuplicates: true,
      ...(complete && {
        completer: (line: string, done: (error: null, result: [string[], string]) => void) =>
          void complete(line).then(
            (result) => done(null, result),
            () => done(null, [[], line]),
          ),
      }),
    }) as Readline;
    this.#readline = readline;
    this.#press = readline._ttyWrite.bind(readline);
    readline._ttyWrite = options.onKey;
    readline.on('line', options.onLine);
    readline.on('history', (lines) => {
      if (!keeps(lines[0] ?? '')) lines.shift();
    });
    readline.on('error', options.onGone);
    readline.on('SIGINT', options.onInterrupt);
    readline.on('SIGTSTP', options.onSuspend);
    readline.on('close', () => {
      if (!this.#closed) options.onEnd();
    });
  }

  /** Whether keys come one by one and the line is drawn here; else the terminal itself edits it. */
  get draws(): boolean {
    return this.#readline.terminal;
  }

  get line(): string {
    return this.#readline.line;
  }

  get cursor(): number {
    return this.#readline.cursor;
  }

  /** Where the cursor stands, counted from the beginning of the label. */
  get position(): { rows: number; cols: number } {
    return this.#readline.getCursorPos();
  }

  /** What stands before the line when it is drawn next. */
  set label(label: string) {
    this.#readline.setPrompt(label);
  }

  /** Draws label and line, the cursor where it was; or at the beginning of the line. */
  draw({ fromStart = false } = {}): void {
    this.#readline.prompt(!fromStart);
  }

  /** Draws another line instead. */
  show(label: string, line: string, cursor: number): void {
    this.label = label;
    Object.assign(this.#readline, { line, cursor });
    this.draw();
  }

  /** Takes the line from the terminal until it is drawn next. */
  erase(): void {
    const { output } = this.#options;
    moveCursor(output, 0, -this.position.rows);
    cursorTo(output, 0);
    clearScreenDown(output);
    this.#readline.prevRows = 0;
  }

  /** Leaves the line on the terminal, `^C` behind it, and begins another. */
  abandon(): void {
    // Ctrl-E first: the cursor may stand in the middle of several rows.
    this.press(undefined, { ctrl: true, name: 'e' });
    this.#options.output.write('^C\n');
    Object.assign(this.#readline, { line: '', cursor: 0, prevRows: 0 });
  }

  /** The terminal has broken the rows anew by now, and readline goes up by as many as there were. */
  resized(): void {
    this.#readline.prevRows = this.position.rows;
  }

  press(text: string | undefined, key: Key): void {
    this.#press(text, key);
  }

  /** What `keys` presses was pasted: a tab in it is no question. */
  paste(keys: () => void): void {
    this.#readline.isCompletionEnabled = false;
    keys();
    this.#readline.isCompletionEnabled = true;
  }

  close(): void {
    this.#closed = true;
    this.#readline.close();
  }
}
