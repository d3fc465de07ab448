import type { Key } from 'node:readline';
import type { LineEditor } from './line-editor.ts';

/** Ctrl-R, as in bash: finds what is typed in the lines of the history, newest first, in either case. */
export class ReverseSearch {
  readonly #editor: LineEditor;
  /** Oldest first. */
  readonly #lines: readonly string[];
  /** What is looked for; undefined while nothing is. */
  #query: string | undefined;
  /** Where in `lines` it was found. */
  #at = 0;
  #typed = '';

  constructor(editor: LineEditor, lines: readonly string[]) {
    this.#editor = editor;
    this.#lines = lines;
  }

  get active(): boolean {
    return this.#query !== undefined;
  }

  /**
   * Takes a key. False where readline is to have it: no search is on, or the key ended one with what was found on
   * the line. `label` is the prompt to go back to.
   */
  take(text: string | undefined, key: Key, label: string): boolean {
    const ctrl = key.ctrl && !key.meta ? key.name : undefined;
    if (this.#query === undefined) {
      if (ctrl !== 'r') return false;
      this.#typed = this.#editor.line;
      this.#at = this.#lines.length;
      this.#find('', this.#at);
    } else if (ctrl === 'r') this.#find(this.#query, this.#at - 1, this.#editor.line);
    else if (ctrl === 'g') {
      this.#editor.show(label, this.#typed, this.#typed.length);
      this.#query = undefined;
    } else if (key.name === 'backspace') this.#find(withoutLast(this.#query), this.#lines.length);
    else if (text && !key.ctrl && !key.meta && /^\P{Cc}+$/u.test(text))
      this.#find(this.#query + text, this.#at);
    else {
      this.#query = undefined;
      this.#editor.show(label, this.#editor.line, this.#editor.cursor);
      return false;
    }
    return true;
  }

  /** Looks from a line on backwards for another one than `seen`; where there is none, what was found before stays. */
  #find(query: string, from: number, seen?: string): void {
    this.#query = query;
    const place = (line: string) => line.toLowerCase().indexOf(query.toLowerCase());
    const at = this.#lines.findLastIndex((line, index) => index <= from && line !== seen && place(line) >= 0);
    const found = query !== '' && at >= 0;
    if (found) this.#at = at;
    const line = found ? this.#lines[at]! : this.#editor.line;
    const head = found || query === '' ? 'reverse-i-search' : 'failed reverse-i-search';
    this.#editor.show(`(${head})\`${query}': `, line, found ? place(line) : this.#editor.cursor);
  }
}

function withoutLast(text: string): string {
  return [...text].slice(0, -1).join('');
}
