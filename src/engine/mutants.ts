import { factsOf } from '../redis/command-facts.ts';
import { quoted } from '../redis/print.ts';
import { splitArgs } from '../redis/split.ts';

/** An answer that is wrong on purpose, made from a right one. */
export interface Mutant {
  lines: string[];
  /** The one line that was changed, or `- LINE` where it was left out. */
  change: string;
}

/** Options and commands that people take for each other. */
const neighbours = bothWays([
  ['EX', 'PX'],
  ['EX', 'EXAT'],
  ['EXAT', 'PXAT'],
  ['NX', 'XX'],
  ['GT', 'LT'],
  ['BEFORE', 'AFTER'],
  ['LEFT', 'RIGHT'],
  ['MIN', 'MAX'],
]);
const commandNeighbours = bothWays([
  ['INCR', 'DECR'],
  ['INCRBY', 'DECRBY'],
  ['EXPIRE', 'PEXPIRE'],
  ['EXPIRE', 'EXPIREAT'],
  ['EXPIREAT', 'PEXPIREAT'],
  ['TTL', 'PTTL'],
  ['SETEX', 'PSETEX'],
  ['DEL', 'EXISTS'],
  ['LPUSH', 'RPUSH'],
  ['LPOP', 'RPOP'],
  ['SADD', 'SREM'],
  ['SINTER', 'SUNION'],
  ['ZADD', 'ZREM'],
  ['ZRANK', 'ZREVRANK'],
  ['ZRANGE', 'ZREVRANGE'],
  ['ZRANGEBYSCORE', 'ZREVRANGEBYSCORE'],
  ['ZPOPMIN', 'ZPOPMAX'],
  ['ZCARD', 'ZCOUNT'],
  ['ZINCRBY', 'ZADD'],
]);
// One way alone: where the key is not there yet, SETNX does what SET does, and that is no slip.
for (const name of ['SET', 'MSET', 'RENAME']) commandNeighbours.set(`${name}NX`, [name]);

/** Where a number is a time, people give it in another unit. */
const timeBefore = new Set(['EX', 'PX', 'EXPIRE', 'PEXPIRE', 'SETEX', 'PSETEX']);
const bounded = /^(ZCOUNT|Z(REV)?RANGEBYSCORE|ZREMRANGEBYSCORE)$/;

/** Every mutant of an answer, none twice and none equal to the answer itself. */
export function mutantsOf(lines: string[]): Mutant[] {
  const seen = new Set([lines.join('\n')]);
  const mutants: Mutant[] = [];
  const add = (changed: string[], change: string) => {
    const text = changed.join('\n');
    if (seen.has(text)) return;
    seen.add(text);
    mutants.push({ lines: changed, change });
  };
  lines.forEach((line, index) => {
    if (lines.length > 1) add(lines.toSpliced(index, 1), `- ${line}`);
    for (const changed of mutantsOfLine(line)) add(lines.with(index, changed), changed);
  });
  return mutants;
}

function mutantsOfLine(line: string): string[] {
  const answer = /^\s*\.answer\s+(.*)$/s.exec(line);
  if (answer) return [`.answer ${otherWord(answer[1]!)}`];
  const args = splitArgs(line)?.map((arg) => arg.toString('latin1'));
  if (!args || args.length === 0) return [];
  const out: string[][] = [];
  const command = args[0]!.toUpperCase();
  const { options = {}, repeats = 0 } = factsOf(args) ?? {};

  for (const other of commandNeighbours.get(command) ?? []) out.push(args.with(0, other));
  for (let i = 1; i < args.length; i++) {
    const arg = args[i]!;
    const word = arg.toUpperCase();
    const values = i > 1 ? options[word] : undefined;
    if (values !== undefined) {
      out.push(args.toSpliced(i, 1 + values));
      for (const other of neighbours.get(word) ?? []) out.push(args.with(i, other));
    } else if (neighbours.has(word) && i > 1) {
      for (const other of neighbours.get(word)!) out.push(args.with(i, other));
    } else if (/^-?\d+$/.test(arg)) {
      for (const number of otherNumbers(arg, args[i - 1]!.toUpperCase(), command))
        out.push(args.with(i, number));
    } else {
      out.push(args.with(i, otherWord(arg)));
      // A bound of a range, taken in or left out.
      if (/^\([\d.+-]/.test(arg)) out.push(args.with(i, arg.slice(1)));
    }
    if (bounded.test(command) && i > 1 && /^-?\d+(\.\d+)?$/.test(arg)) out.push(args.with(i, `(${arg}`));
  }
  if (args.length > 2 && args[1] !== args[2]) out.push(args.with(1, args[2]!).with(2, args[1]!));
  // Of arguments that are all of one kind the last one is easily forgotten.
  if (repeats === 1 && args.length > 2) out.push(args.slice(0, -1));
  if (repeats === 2 && args.length > 4) {
    out.push(args.slice(0, -2));
    // The values of the last two pairs change places.
    const [last, before] = [args.length - 1, args.length - 3];
    out.push(args.with(last, args[before]!).with(before, args[last]!));
  }
  return out.map((words) => words.map(quote).join(' '));
}

function otherNumbers(text: string, before: string, command: string): string[] {
  const number = BigInt(text);
  const numbers = [number + 1n, number * 1000n];
  if (timeBefore.has(before) || timeBefore.has(command)) {
    numbers.push(number * 60n);
    if (number % 60n === 0n) numbers.push(number / 60n);
    if (number % 1000n === 0n) numbers.push(number / 1000n);
  }
  return numbers.map(String).filter((other) => other !== text);
}

/** A likely slip of the fingers: two letters swapped, or one more where they are alike. */
function otherWord(text: string): string {
  for (let i = text.length - 2; i >= 0; i--) {
    const [a, b] = [text[i]!, text[i + 1]!];
    if (a !== b && /[a-z0-9]/i.test(a) && /[a-z0-9]/i.test(b))
      return text.slice(0, i) + b + a + text.slice(i + 2);
  }
  return `${text}x`;
}

/** Writes an argument as the prompt reads it. */
function quote(arg: string): string {
  if (/^[!#-&(-[\]-~]+$/.test(arg)) return arg;
  return quoted(Buffer.from(arg, 'latin1'));
}

function bothWays(pairs: [string, string][]): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const [a, b] of pairs) {
    map.set(a, [...(map.get(a) ?? []), b]);
    map.set(b, [...(map.get(b) ?? []), a]);
  }
  return map;
}
