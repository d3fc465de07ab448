import type { Root } from 'mdast';
import type { SeenCommand, SeenMessage } from '../checks/evidence/evidence.ts';
import { show, showCommand, showName } from '../checks/words/show.ts';
import type { Shown } from '../engine/demo.ts';
import { type Form, printAnswer, Unprintable } from '../redis/print.ts';
import type { Reply } from '../redis/reply.ts';
import { isMessage } from '../redis/session.ts';
import { columns, pad } from '../ui/columns.ts';
import { parseMarkdown, renderMarkdown } from '../ui/markdown.ts';
import { proseWidth, type Theme, themeFor, widthOf } from '../ui/theme.ts';
import { visible } from '../ui/visible.ts';
import { type Run, wrapRuns } from '../ui/wrap.ts';
import type { Terminal } from './line-editor.ts';

/** One of two columns and the other, behind a mark. */
export interface Pair {
  mark?: string;
  head: Run;
  tail: Run;
}

/** Writes to the learner's terminal: nothing that comes from a server or a lesson reaches it raw. */
export class Screen {
  readonly theme: Theme;
  readonly #output: Terminal['output'];
  /** Where lines go instead, while they are held back. */
  #held: string[] | undefined;
  readonly #parse: (markdown: string) => Root | Promise<Root>;

  /** `parse` gives the tree of a piece of prose; a course that is known beforehand has them ready. */
  constructor(output: Terminal['output'], parse: (markdown: string) => Root | Promise<Root> = parseMarkdown) {
    this.#output = output;
    this.#parse = parse;
    this.theme = themeFor(output);
  }

  get width(): number {
    return widthOf(this.#output);
  }

  get proseWidth(): number {
    return proseWidth(this.#output);
  }

  line(text = ''): void {
    if (this.#held) this.#held.push(text);
    else this.#output.write(`${text}\n`);
  }

  /** Holds back the lines that `draw` writes, and returns them; undefined where there are none. */
  held(draw: () => void): string | undefined {
    const lines: string[] = [];
    this.#held = lines;
    try {
      draw();
    } finally {
      this.#held = undefined;
    }
    return lines.length > 0 ? lines.join('\n') : undefined;
  }

  /** A remark of the program, set apart from what Redis says. */
  note(text: string): void {
    this.line(this.wrapped(text, { style: this.theme.dim }));
  }

  /** Plain words, made harmless and broken into lines; further lines hang under the first. */
  wrapped(text: string, { style = this.theme.plain, head = '' } = {}): string {
    const lines = wrapRuns([{ text: visible(text), style }], this.proseWidth - 2);
    return lines.map((line, index) => (index === 0 ? head : head && '  ') + line).join('\n');
  }

  /** Markdown, as terminal lines. */
  async rendered(markdown: string): Promise<string> {
    return renderMarkdown(await this.#parse(markdown), this.proseWidth, this.theme);
  }

  /** Markdown and an empty line. */
  async prose(markdown: string): Promise<void> {
    this.line(`${await this.rendered(markdown)}\n`);
  }

  /** Two columns; below each other where the window is too narrow for both. */
  pairs(pairs: Pair[]): void {
    const widest = Math.max(0, ...pairs.map(({ head }) => columns(head.text)));
    const narrow = pairs.some(({ tail }) => 6 + widest + columns(tail.text) > this.width);
    for (const { mark = '', head, tail } of pairs) {
      if (narrow) {
        this.line(`  ${mark}${head.style(head.text)}`);
        for (const line of wrapRuns([tail], this.width - 4)) this.line(`    ${line}`);
      } else this.line(`  ${mark}${head.style(pad(head.text, widest))}  ${tail.style(tail.text)}`);
    }
  }

  /** `── Title ───────── Strings 2/9`, over a step. */
  heading(title: string, place: string): void {
    const { theme } = this;
    const rule = theme.sign.rule;
    const [left, right] = [visible(title), visible(place)];
    const room = this.proseWidth - left.length - right.length - 5;
    const middle = room > 1 ? ` ${rule.repeat(room)} ${right}` : '';
    this.line(`\n${theme.dim(rule.repeat(2))} ${theme.heading(left)}${theme.dim(middle)}\n`);
  }

  /** What a demo shows next. */
  demo(shown: Shown): void {
    if (shown.kind === 'other') this.otherClient();
    else this.demoLine(shown.line.text, shown.line.other);
    if (shown.reply) this.reply(shown.args, shown.reply, '  ');
    else this.line(`  ${this.theme.dim('(waits)')}`);
  }

  /** A command of a demo, as if somebody typed it: the learner, or another client. */
  demoLine(command: string, other = false): void {
    this.line(`  ${this.theme.dim(other ? 'other>' : '>')} ${this.theme.command(visible(command))}`);
  }

  /** Over what comes to the other client of a demo. */
  otherClient(): void {
    this.line(`  ${this.theme.dim('to the other client:')}`);
  }

  /** What another client of the exercise did, or what came to it. */
  other(seen: SeenCommand | SeenMessage): void {
    if ('args' in seen) this.note(`Another client: ${showCommand(seen.args)}`);
    else if (isMessage(seen.kind) && seen.payload.type === 'bulk' && seen.channel)
      this.note(`A subscriber of ${showName(seen.pattern ?? seen.channel)} got ${show(seen.payload.bytes)}.`);
  }

  /** `redis> `, with the database where it isn't the usual one, and (TX) inside a transaction. */
  promptLabel(db: number, inTransaction: boolean): string {
    const { prompt, warn } = this.theme;
    return `${prompt(db === 0 ? 'redis' : `redis[${db}]`)}${inTransaction ? warn('(TX)') : ''}${prompt('>')} `;
  }

  /** The same at a lesson's own server: where the learner is connected to, or nowhere. */
  serverLabel(place: string | undefined, db: number, inTransaction: boolean): string {
    const { prompt, warn } = this.theme;
    const at = place === undefined ? 'not connected' : `${visible(place)}${db === 0 ? '' : `[${db}]`}`;
    return `${prompt(at)}${inTransaction ? warn('(TX)') : ''}${prompt('>')} `;
  }

  /** What redis-cli would print. */
  reply(args: Buffer[], reply: Reply, indent = '', form: Form = 'formatted'): void {
    let text: string;
    try {
      // INFO and its like end their lines with two characters, which a terminal shows as one.
      text = printAnswer(args, reply, form).toString().replaceAll('\r\n', '\n');
    } catch (error) {
      if (!(error instanceof Unprintable)) throw error;
      text = `${error.message}\n`;
    }
    const style = reply.type === 'error' ? this.theme.bad : this.theme.plain;
    const lines = visible(text, 'lines').replace(/\n$/, '').split('\n');
    this.line(lines.map((line) => indent + style(line)).join('\n'));
  }
}
