const NUL = 0;
const BACKSLASH = 0x5c;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
/** n, r, t, b and a after a backslash in double quotes. */
const ESCAPES: Record<number, number> = { 110: 0x0a, 114: 0x0d, 116: 0x09, 98: 0x08, 97: 0x07 };

/**
 * Splits a command line into arguments exactly as redis-cli does: "..." knows \n \r \t \b \a \xHH and takes
 * any other escaped byte as itself, '...' knows \' alone, and a closing quote must be followed by white
 * space or the end. Returns null where the quotes are unbalanced; an empty line has no arguments.
 */
export function splitArgs(line: Buffer | string): Buffer[] | null {
  const split = splitLine(line);
  return Array.isArray(split) ? split : null;
}

/** Where the quotes of a line go wrong. */
export interface Misquote {
  /** `open`: a quote is never closed; `behind`: something stands right behind a closing quote. */
  kind: 'open' | 'behind';
  /** The byte, counted from 0. */
  at: number;
}

/** Why `splitArgs` cannot split a line; undefined where it can. */
export function misquoteIn(line: Buffer | string): Misquote | undefined {
  const split = splitLine(line);
  return Array.isArray(split) ? undefined : split;
}

function splitLine(line: Buffer | string): Buffer[] | Misquote {
  const bytes = typeof line === 'string' ? Buffer.from(line) : line;
  // The line is a C string: a NUL byte is its end, wherever it stands.
  const end = bytes.indexOf(NUL);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  // What comes out is never longer than what went in.
  const out = Buffer.allocUnsafe(text.length);
  const args: Buffer[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; ) {
    const token = readToken(text, at, out);
    if ('kind' in token) return token;
    args.push(Buffer.from(out.subarray(0, token.length)));
    at = skipBlanks(text, token.next);
  }
  return args;
}

/** Writes the argument that begins at `from` into `out`. */
function readToken(text: Buffer, from: number, out: Buffer): { length: number; next: number } | Misquote {
  let at = from;
  let opened = 0;
  let length = 0;
  let quote = NUL;
  for (; at < text.length; at++) {
    const byte = text[at]!;
    if (quote === NUL) {
      // \v and \f separate nothing here, though they are blanks between arguments.
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return { length, next: at + 1 };
      if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) {
        quote = byte;
        opened = at;
      } else out[length++] = byte;
    } else if (byte === quote) {
      const after = text[at + 1];
      return after === undefined || isBlank(after)
        ? { length, next: at + 1 }
        : { kind: 'behind', at: at + 1 };
    } else if (byte === BACKSLASH && quote === DOUBLE_QUOTE && at + 1 < text.length) {
      const hex = text[at + 1] === 0x78 ? hexByte(text, at + 2) : undefined;
      out[length++] = hex ?? ESCAPES[text[at + 1]!] ?? text[at + 1]!;
      at += hex === undefined ? 1 : 3;
    } else if (byte === BACKSLASH && quote === SINGLE_QUOTE && text[at + 1] === SINGLE_QUOTE) {
      out[length++] = SINGLE_QUOTE;
      at++;
    } else {
      out[length++] = byte;
    }
  }
  return quote === NUL ? { length, next: at } : { kind: 'open', at: opened };
}

function hexByte(text: Buffer, at: number): number | undefined {
  const digits = text.toString('latin1', at, at + 2);
  return /^[0-9a-fA-F]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

function skipBlanks(text: Buffer, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text[at]!)) at++;
  return at;
}

/** As C's isspace: space, \t, \n, \v, \f, \r. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
