import { clearLine, type Key } from 'node:readline';
import { type History, hasLogin, hasSecret } from './history.ts';
import { LineEditor, type Terminal } from './line-editor.ts';
import { ReverseSearch } from './reverse-search.ts';

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

/**
 * A prompt that stays open while commands run. What is typed meanwhile is kept, and drawn once its turn has come.
 * Lines come in order from `next`; `undefined` is the end of input (Ctrl-D).
 */
export class Prompt {
  /** Whether the terminal is gone. */
  orphaned = false;
  readonly #options: PromptOptions;
  #editor!: LineEditor;
  #search!: ReverseSearch;
  #label = '> ';
  /** Keys typed ahead. */
  #ahead: [text: string | undefined, key: Key][] = [];
  /** Lines typed ahead where the terminal edits them itself. */
  readonly #lines: string[] = [];
  #ended = false;
  #waiting: ((line: string | undefined) => void) | undefined;
  #hintShown = false;
  /** What is typed next is a line for the history. */
  #keeps = true;
  #stop: string | undefined;
  /** A program has the terminal. */
  #lent = false;

  constructor(options: PromptOptions) {
    this.#options = options;
    this.#open();
  }

  /**
   * Shows the label and waits for a line, which the history gets unless it `keeps` nothing. Ctrl-C with nothing typed is
   * an answer where `stop` says which.
   */
  next(
    label: string,
    { keeps = true, stop }: { keeps?: boolean; stop?: string } = {},
  ): Promise<string | undefined> {
    this.#keeps = keeps;
    this.#stop = stop;
    this.#label = label;
    this.#editor.label = label;
    const line = this.#lines.shift();
    if (line !== undefined || this.#ended) {
      if (line !== undefined) this.#options.output.write(`${label}${line}\n`);
      return Promise.resolve(line);
    }
    this.#editor.draw();
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#typeAhead();
      this.#drawHint();
    });
  }

  /** Another label from now on, drawn with the line when that is drawn next. */
  relabel(label: string): void {
    this.#label = label;
    if (this.#waiting && !this.#search.active) this.#editor.label = label;
  }

  /** Lets `draw` write above the line being edited, e.g. a message that has just come in. */
  above(draw: () => void): void {
    const editing = this.#waiting !== undefined;
    if (editing && !this.#editor.draws) this.#options.output.write('\n');
    else if (editing) {
      this.#clearHint();
      this.#editor.erase();
    }
    draw();
    if (!editing) return;
    this.#editor.draw();
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

  /** Gives the whole terminal to a program: what Ctrl-C does there is its own matter. */
  async lendToProgram<T>(program: () => Promise<T>): Promise<T> {
    this.#lent = true;
    try {
      return await this.lend(program);
    } finally {
      this.#lent = false;
    }
  }

  /** SIGINT, which Ctrl-C sends where the terminal edits lines itself. False where this prompt gets the key. */
  signalled(): boolean {
    if (this.#lent) return true;
    if (this.#editor.draws || this.#ended) return false;
    this.#interrupt();
    return true;
  }

  close(): void {
    this.#close();
    this.#end();
  }

  #open(): void {
    const { input, output, history, complete } = this.#options;
    this.#editor = new LineEditor({
      input,
      output,
      history: history.lines.toReversed(),
      // A long URL is to be mended and sent again, in this session.
      keeps: (line) => this.#keeps && (hasLogin(line) || !hasSecret(line)),
      complete,
      onKey: (text, key) => this.#key(text, key),
      onLine: (line) => this.#take(line),
      onInterrupt: () => this.#interrupt(),
      onSuspend: () => this.#suspend(),
      onEnd: () => {
        // Ctrl-D leaves the cursor behind the label.
        if (this.#waiting) output.write('\n');
        this.#end();
      },
      onGone: () => {
        this.orphaned = true;
      },
    });
    this.#search = new ReverseSearch(this.#editor, history.lines);
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
    this.#editor.close();
  }

  #end(): void {
    this.#ended = true;
    this.#waiting?.(undefined);
    this.#waiting = undefined;
  }

  #key(text: string | undefined, key: Key): void {
    const urgent = key.ctrl && (key.name === 'c' || key.name === 'z');
    if (this.#waiting || urgent) {
      if (!this.#waiting || !this.#search.take(text, key, this.#label)) this.#editor.press(text, key);
      return;
    }
    const leaving = key.ctrl && key.name === 'd' && this.#ahead.length === 0;
    this.#ahead.push([text, key]);
    if (leaving) this.#options.onInterrupt(undefined);
  }

  #typeAhead(): void {
    this.#editor.paste(() => {
      while (this.#waiting && this.#ahead.length > 0) this.#key(...this.#ahead.shift()!);
    });
  }

  #take(line: string): void {
    if (this.#keeps) void this.#options.history.add(line);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    // Nothing is to be drawn on a resize until the next line is asked for.
    if (this.#editor.draws) this.#editor.label = '';
    if (waiting) waiting(line);
    else this.#lines.push(line);
  }

  #interrupt(): void {
    const typed = this.#editor.line;
    this.#lines.length = 0;
    this.#ahead.length = 0;
    if (!this.#editor.draws) this.#options.output.write('\n');
    const stop = typed === '' && this.#waiting ? this.#stop : undefined;
    if (typed !== '' || (stop !== undefined && this.#editor.draws)) this.#editor.abandon();
    if (stop !== undefined) {
      this.#take(stop);
      return;
    }
    this.#options.onInterrupt(typed);
    if (this.#waiting) this.#editor.draw({ fromStart: true });
  }

  /** Ctrl-Z. Nothing stops where there is no shell to come back from. */
  #suspend(): void {
    this.#options.input.setRawMode?.(false);
    process.kill(process.pid, 'SIGTSTP');
    setImmediate(this.#resume);
  }

  readonly #resume = (): void => {
    if (!this.#editor.draws || this.#ended) return;
    this.#options.input.setRawMode?.(true);
    if (this.#waiting) this.#editor.draw();
  };

  readonly #resized = (): void => {
    if (this.#waiting) this.#editor.resized();
  };

  readonly #clearHint = (): void => {
    if (!this.#hintShown) return;
    this.#hintShown = false;
    clearLine(this.#options.output, 1);
  };

  readonly #drawHint = (): void => {
    const { hint, dim, output } = this.#options;
    if (!hint || !dim || !this.#waiting || !this.#editor.draws || this.#search.active) return;
    const { line, cursor, position } = this.#editor;
    if (line === '' || cursor !== line.length) return;
    const room = (output.columns ?? 80) - position.cols - 1;
    const full = hint(line);
    // Hints are ASCII: one character is one column.
    const text = full.length > room ? full.slice(0, Math.max(0, room)) : full;
    if (text === '' || position.rows > 3) return;
    output.write(`${dim(text)}\x1b[${text.length}D`);
    this.#hintShown = true;
  };
}
