import { Chalk, type ChalkInstance } from 'chalk';

/** What a theme looks at in a stream; `process.stdout` and `process.stderr` are such. */
export interface Output {
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  getColorDepth?: ((env?: object) => number) | undefined;
}

type Env = Record<string, string | undefined>;
export type Style = (text: string) => string;

/** How the program's words look on one stream. A style expects text that `visible` has gone over. */
export interface Theme {
  colour: boolean;
  /** Whether signs beyond ASCII can be drawn. */
  unicode: boolean;
  plain: Style;
  strong: Style;
  emphasis: Style;
  struck: Style;
  dim: Style;
  heading: Style;
  code: Style;
  link: Style;
  command: Style;
  key: Style;
  value: Style;
  number: Style;
  good: Style;
  bad: Style;
  warn: Style;
  prompt: Style;
  added: Style;
  removed: Style;
  changed: Style;
  sign: Signs;
}

export interface Signs {
  passed: string;
  failed: string;
  skipped: string;
  revealed: string;
  open: string;
  arrow: string;
  bullet: string;
  more: string;
  rule: string;
  quote: string;
  /** A full and an empty piece of a progress bar. */
  full: string;
  empty: string;
}

const drawn: Signs = {
  passed: '✓',
  failed: '✗',
  skipped: '–',
  revealed: '○',
  open: '·',
  arrow: '→',
  bullet: '•',
  more: '…',
  rule: '─',
  quote: '│',
  full: '█',
  empty: '░',
};
const ascii: Signs = {
  passed: '+',
  failed: 'x',
  skipped: '-',
  revealed: 'o',
  open: '.',
  arrow: '->',
  bullet: '-',
  more: '...',
  rule: '-',
  quote: '|',
  full: '#',
  empty: '.',
};

/** The theme for one stream, decided by FORCE_COLOR, NO_COLOR, TERM and what the stream is. */
export function themeFor(output: Output, env: Env = process.env): Theme {
  const chalk = new Chalk({ level: colourLevel(output, env) });
  const unicode = drawsUnicode(env);
  return { ...stylesOf(chalk), colour: chalk.level > 0, unicode, sign: unicode ? drawn : ascii };
}

// The 16 basic colours alone: they follow the user's own palette, light or dark.
function stylesOf(chalk: ChalkInstance): Omit<Theme, 'colour' | 'unicode' | 'sign'> {
  return {
    plain: (text) => text,
    strong: chalk.bold,
    emphasis: chalk.italic,
    struck: chalk.strikethrough,
    dim: chalk.dim,
    heading: chalk.bold.cyan,
    code: chalk.cyan,
    link: chalk.underline,
    command: chalk.cyan,
    key: chalk.bold,
    value: chalk.green,
    number: chalk.magenta,
    good: chalk.green,
    bad: chalk.red,
    warn: chalk.yellow,
    prompt: chalk.bold.cyan,
    added: chalk.green,
    removed: chalk.red,
    changed: chalk.yellow,
  };
}

/** 0: none, 1: 16 colours, 2: 256, 3: all. FORCE_COLOR wins over NO_COLOR, as it does in Node itself. */
export function colourLevel(output: Output, env: Env = process.env): 0 | 1 | 2 | 3 {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) {
    if (forced === '0' || forced === 'false') return 0;
    return forced === '2' ? 2 : forced === '3' ? 3 : 1;
  }
  if (!output.isTTY || env.NO_COLOR || env.TERM === 'dumb') return 0;
  const depth = output.getColorDepth?.(env) ?? 4;
  return depth >= 24 ? 3 : depth >= 8 ? 2 : depth >= 4 ? 1 : 0;
}

function drawsUnicode(env: Env): boolean {
  if (env.TERM === 'dumb' || env.TERM === 'linux') return false;
  // No locale at all is common in containers, whose terminals draw everything.
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return !locale || /utf-?8/i.test(locale);
}

/** Columns of the window: 80 where there is none, never fewer than 20. */
export function widthOf(output: Output): number {
  const width = output.columns;
  return width === undefined || !Number.isFinite(width) || width <= 0 ? 80 : Math.max(20, Math.floor(width));
}

/** Columns for prose: longer lines are hard to read. */
export function proseWidth(output: Output): number {
  return Math.min(widthOf(output), 84);
}
