import { keysOf, writes } from '../checks/command.ts';
import { quoted } from '../redis/print.ts';
import { type KeyState, nameOf, type Snapshot } from '../redis/snapshot.ts';
import { splitArgs } from '../redis/split.ts';
import { changesBetween } from './changes.ts';
import type { Mutant } from './mutants.ts';

/** Whoever runs these does not build on what was there: the result is theirs from the start. */
const WHOLE = /^(SET|SETEX|PSETEX|MSET|GETSET|GETDEL|DEL|UNLINK|RENAME|RENAMENX|COPY|RESTORE|\w+STORE)$/;

/**
 * Wrong answers made from a right one and from what it leads to: the result written by hand where the server was to
 * work it out, and a read or a claim split from its write. Where an answer to `accept` writes a key as a whole, its
 * result may be written by hand.
 */
export function mutantsByHand(
  lines: string[],
  { given, latest }: { given: Snapshot; latest: Snapshot },
  accept: string[][] = [],
): Mutant[] {
  const byHand = new Set(accept.flat().flatMap(wholeKeysOf));
  const mutants = changesBetween(given, latest).flatMap((change) => {
    if (change.kind !== 'changed' || !change.value || byHand.has(nameOf(change.after.name))) return [];
    const { before, after } = change;
    return before.type === after.type ? writtenByHand(lines, after) : [];
  });
  return [...mutants, ...split(lines)];
}

/** The keys that a line writes as a whole. */
function wholeKeysOf(line: string): string[] {
  const args = splitArgs(line) ?? [];
  return /^(SET|SETEX|PSETEX|MSET|GETSET)$/i.test(String(args[0])) ? keysOf(args).map(nameOf) : [];
}

function writtenByHand(lines: string[], after: KeyState): Mutant[] {
  const key = nameOf(after.name);
  const touching = lines.flatMap((line, index) => {
    const args = splitArgs(line) ?? [];
    return writes(args) && keysOf(args).some((name) => nameOf(name) === key) ? [{ args, index }] : [];
  });
  const builds = touching.every(
    ({ args }) => keysOf(args).length === 1 && !WHOLE.test(String(args[0]).toUpperCase()),
  );
  if (touching.length === 0 || !builds) return [];
  const at = touching[0]!.index;
  const rest = lines.filter((_, index) => !touching.some((one) => one.index === index));
  const mutant = (...instead: string[]) => ({
    lines: rest.toSpliced(at, 0, ...instead),
    change: instead.join(' ; '),
  });
  const [name, aside] = [text(after.name), text(Buffer.concat([after.name, Buffer.from(':new')]))];
  // A string may keep its expiry as it is written.
  const written = [...whole(after, name), ...(after.value.kind === 'string' ? [] : expiry(after, name))];
  const mutants = [
    mutant(...written),
    mutant(...whole(after, aside), ...expiry(after, aside), `RENAME ${aside} ${name}`),
    mutant(`EVAL ${text(Buffer.from(scriptOf(written)))} 1 ${name}`),
  ];
  const anew = countedAnew(after, name);
  return anew ? [...mutants, mutant(`DEL ${name}`, anew, ...expiry(after, name))] : mutants;
}

/** Commands that make a value from nothing. */
function whole({ value }: KeyState, name: string): string[] {
  const words = (parts: Buffer[]) => parts.map(text).join(' ');
  switch (value.kind) {
    case 'string':
      return [`SET ${name} ${text(value.bytes)} KEEPTTL`];
    case 'list':
      return [`DEL ${name}`, `RPUSH ${name} ${words(value.items)}`];
    case 'set':
      return [`DEL ${name}`, `SADD ${name} ${words(value.members)}`];
    case 'hash':
      return [`DEL ${name}`, `HSET ${name} ${words(value.fields.flat())}`];
    case 'zset':
      return [
        `DEL ${name}`,
        `ZADD ${name} ${value.members.map(({ member, score }) => `${score} ${text(member)}`).join(' ')}`,
      ];
    default:
      return [];
  }
}

function expiry({ pttl }: KeyState, name: string): string[] {
  return pttl === null ? [] : [`EXPIRE ${name} ${Math.ceil(pttl / 1000)}`];
}

function countedAnew({ value }: KeyState, name: string): string | undefined {
  if (value.kind !== 'string') return undefined;
  const number = value.bytes.toString();
  if (/^-?\d+$/.test(number)) return `INCRBY ${name} ${number}`;
  return /^-?\d+\.\d+$/.test(number) ? `INCRBYFLOAT ${name} ${number}` : undefined;
}

function scriptOf(lines: string[]): string {
  const call = (line: string) => (splitArgs(line) ?? []).map((arg) => quoted(arg)).join(', ');
  return lines.map((line) => `redis.call(${call(line)})`).join(' ');
}

/** Two steps of what was one. */
function split(lines: string[]): Mutant[] {
  const mutants: Mutant[] = [];
  const add = (index: number, instead: string[]) =>
    void mutants.push({ lines: lines.toSpliced(index, 1, ...instead), change: instead.join(' ; ') });
  lines.forEach((line, index) => {
    const args = splitArgs(line);
    if (!args || args.length < 2) return;
    const [name = '', key = '', ...rest] = args.map(text);
    const options = args.map((arg) => String(arg).toUpperCase());
    const nx = options.lastIndexOf('NX');
    switch (options[0]) {
      case 'SET':
        if (nx < 3) break;
        add(index, [`EXISTS ${key}`, [name, key, ...rest.toSpliced(nx - 2, 1)].join(' ')]);
        if (options.indexOf('EX') > 2)
          add(index, [`SETNX ${key} ${rest[0]}`, `EXPIRE ${key} ${text(args[options.indexOf('EX') + 1]!)}`]);
        break;
      case 'SETNX':
        add(index, [`EXISTS ${key}`, `SET ${key} ${rest[0]}`]);
        break;
      case 'GETDEL':
        add(index, [`GET ${key}`, `DEL ${key}`]);
        break;
      case 'GETSET':
        add(index, [`GET ${key}`, `SET ${key} ${rest[0]}`]);
        break;
      case 'MSET':
        if (args.length > 4)
          add(
            index,
            pairs(args.slice(1)).map((pair) => `SET ${pair.map(text).join(' ')}`),
          );
        break;
      case 'MGET':
        if (args.length > 2)
          add(
            index,
            args.slice(1).map((one) => `GET ${text(one)}`),
          );
        break;
    }
  });
  const bare = lines.filter((line) => !/^\s*(multi|exec)\s*$/i.test(line));
  if (bare.length < lines.length) mutants.push({ lines: bare, change: 'without MULTI and EXEC' });
  return mutants;
}

function pairs(words: Buffer[]): Buffer[][] {
  return words.flatMap((word, index) =>
    index % 2 === 0 ? [[word, words[index + 1] ?? Buffer.alloc(0)]] : [],
  );
}

/** An argument as the prompt reads it. */
function text(arg: Buffer): string {
  return /^[!#-&(-[\]-~]+$/.test(arg.toString('latin1')) ? arg.toString('latin1') : quoted(arg);
}
