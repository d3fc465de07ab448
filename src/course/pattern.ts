/** Matching text by pattern: `*` is any text (also none), `?` is one character, all else stands for itself. */

/** Whether the whole of `text` matches. With case; lower-case both sides for without. Never slower than pattern x text. */
export function globMatch(pattern: string, text: string): boolean {
  const wanted = [...pattern];
  const given = [...text];
  let p = 0;
  let t = 0;
  // Where to go on after a mismatch: the last star, and how much of the text it has swallowed.
  let star = -1;
  let swallowed = 0;
  while (t < given.length) {
    if (wanted[p] === '*') {
      star = p++;
      swallowed = t;
    } else if (p < wanted.length && (wanted[p] === '?' || wanted[p] === given[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++swallowed;
    } else {
      return false;
    }
  }
  while (wanted[p] === '*') p++;
  return p === wanted.length;
}

/**
 * Whether a command, as split into arguments, matches a command pattern: the first word is the command's name, each
 * further word must match some later argument, in order, gaps allowed. `SET EX` matches `set k v ex 9`: names and options
 * have no case. A word with small letters is a key or a value, and has, unless all of the pattern is written small.
 */
export function matchesCommand(pattern: string, args: readonly (Buffer | string)[]): boolean {
  const [name, ...words] = patternWords(pattern);
  if (name === undefined || args.length === 0) return false;
  const given = args.map((arg) => arg.toString());
  if (!globMatch(name.toLowerCase(), given[0]!.toLowerCase())) return false;
  const small = pattern === pattern.toLowerCase();
  let next = 1;
  for (const word of words) {
    const exact = !small && word !== word.toUpperCase();
    const matches = (arg: string) =>
      exact ? globMatch(word, arg) : globMatch(word.toLowerCase(), arg.toLowerCase());
    while (next < given.length && !matches(given[next]!)) next++;
    if (next++ >= given.length) return false;
  }
  return true;
}

export function matchesAny(patterns: readonly string[], args: readonly (Buffer | string)[]): boolean {
  return patterns.some((pattern) => matchesCommand(pattern, args));
}

/** The words of a command pattern; none where it is blank. */
export function patternWords(pattern: string): string[] {
  return pattern.split(/\s+/).filter((word) => word !== '');
}

/** Whether a key name matches as in Redis's own KEYS and SCAN: bytes, with `*`, `?`, `[abc]`, `[^a]`, `[a-z]` and `\` before a literal. */
export function keyMatch(pattern: string | Buffer, name: string | Buffer): boolean {
  const wanted = Buffer.from(pattern);
  const given = Buffer.from(name);
  let p = 0;
  let t = 0;
  let star = -1;
  let swallowed = 0;
  while (t < given.length) {
    if (wanted[p] === STAR) {
      star = p++;
      swallowed = t;
      continue;
    }
    const after = p < wanted.length ? matchByte(wanted, p, given[t]!) : -1;
    if (after >= 0) {
      p = after;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++swallowed;
    } else {
      return false;
    }
  }
  while (wanted[p] === STAR) p++;
  return p === wanted.length;
}

const STAR = 0x2a;
const QUESTION = 0x3f;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const CARET = 0x5e;
const DASH = 0x2d;
const BACKSLASH = 0x5c;

/** Where the pattern goes on when what stands at `p` (no star) matches the byte, else -1. */
function matchByte(pattern: Buffer, p: number, byte: number): number {
  if (pattern[p] === QUESTION) return p + 1;
  if (pattern[p] === BACKSLASH && p + 1 < pattern.length) return pattern[p + 1] === byte ? p + 2 : -1;
  if (pattern[p] !== OPEN) return pattern[p] === byte ? p + 1 : -1;
  p++;
  const not = pattern[p] === CARET;
  if (not) p++;
  let found = false;
  // As in Redis, a class that is never closed ends with the pattern.
  while (p < pattern.length && pattern[p] !== CLOSE) {
    if (pattern[p] === BACKSLASH && p + 1 < pattern.length) {
      found ||= pattern[p + 1] === byte;
      p += 2;
    } else if (p + 2 < pattern.length && pattern[p + 1] === DASH) {
      const low = Math.min(pattern[p]!, pattern[p + 2]!);
      const high = Math.max(pattern[p]!, pattern[p + 2]!);
      found ||= byte >= low && byte <= high;
      p += 3;
    } else {
      found ||= pattern[p] === byte;
      p++;
    }
  }
  return found !== not ? Math.min(p + 1, pattern.length) : -1;
}
