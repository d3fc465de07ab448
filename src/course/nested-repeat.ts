/**
 * The first part of a regular expression that repeats what repeats, `(a+)+` or `(\w+\s?)*`: where a text does not match,
 * the number of ways to try doubles with every character. Only what is plainly so: a repeated group, one of whose
 * alternatives is a single endless repeat with nothing beside it that must be there. Undefined where there is none.
 */
export function nestedRepeat(source: string): string | undefined {
  const open: Group[] = [{ at: 0, some: 0, more: 0, needed: 0, risky: false }];
  let at = 0;
  while (at < source.length) {
    const start = at;
    const group = open.at(-1)!;
    if (source[at] === '|') {
      endAlternative(group);
      at++;
      continue;
    }
    if (source[at] === '(') {
      open.push({ at, some: 0, more: 0, needed: 0, risky: false });
      at += /^\((\?(:|<?[=!]|<[^>]*>))?/.exec(source.slice(at))![0].length;
      continue;
    }
    let closed: Group | undefined;
    if (source[at] === ')' && open.length > 1) {
      closed = open.pop()!;
      endAlternative(closed);
      at++;
    } else {
      at += atomLength(source, at);
    }
    const repeat = /^([*+?]|\{\d+(,\d*)?\})\??/.exec(source.slice(at))?.[0] ?? '';
    at += repeat.length;
    const endless = /^([*+]|\{\d+,\})/.test(repeat);
    if (closed?.risky && endless) return source.slice(closed.at, at);
    const outer = open.at(-1)!;
    const optional = /^([*?]|\{0\D)/.test(repeat);
    if (endless || closed?.risky) outer[optional ? 'some' : 'more']++;
    // An assertion takes no character, so it keeps nothing apart.
    else if (!optional && !isAssertion(source, closed?.at ?? start)) outer.needed++;
  }
  return undefined;
}

interface Group {
  at: number;
  /** Of the alternative at hand: endless repeats of none or more, of one or more, and what must be there besides. */
  some: number;
  more: number;
  needed: number;
  /** Whether one endless repeat alone can be all of some alternative. */
  risky: boolean;
}

function endAlternative(group: Group): void {
  if (group.needed === 0 && (group.more === 1 || (group.more === 0 && group.some > 0))) group.risky = true;
  group.some = 0;
  group.more = 0;
  group.needed = 0;
}

/** A class, an escape or a character. */
function atomLength(source: string, at: number): number {
  if (source[at] === '[') return /^\[(\\.|[^\]\\])*\]?/su.exec(source.slice(at))![0].length;
  if (source[at] === '\\') return /^\\([pPu]\{[^}]*\}|k<[^>]*>|.)?/su.exec(source.slice(at))![0].length;
  return 1;
}

function isAssertion(source: string, at: number): boolean {
  return /^(\^|\$|\\b|\\B|\(\?<?[=!])/.test(source.slice(at));
}
