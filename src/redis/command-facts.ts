import text from 'virtual:command-facts';
import { type KeySpec, positionsOf } from './key-positions.ts';
import { commandName } from './session.ts';

/**
 * What is documented of a command, from one table for all who must know, made at build from commands.json. `args` is a
 * command as split into arguments, its name first and in any case.
 */
export interface Facts {
  /** In capitals, with its subcommand: `CLIENT KILL`. */
  name: string;
  group: string;
  is: readonly Trait[];
  keys: readonly KeyFacts[];
  /** Whether its first argument, or all of them, are channels or patterns of channels. */
  channels?: 'one' | 'all';
  /** Words in capitals that may be left out, and how many values go with each: `EX` 1, `NX` 0. */
  options: Readonly<Record<string, number>>;
  /** Words that must be there: GROUP of XREADGROUP, one of LEFT and RIGHT of LMOVE. */
  words: Readonly<Record<string, number>>;
  /** How many arguments make one repetition of what ends the command: 1 of MGET, 2 of MSET, 0 of GET. */
  repeats: number;
}

/**
 * `write`, `readonly`, `blocking` and `denyoom` (it may take more memory) are the server's flags. `container`: the
 * name goes on in a subcommand. `script`: what it does is up to a script. `random`: it picks by chance. `unordered`:
 * what it answers has no order that is promised. `cursor`: it goes through much, a part at a time.
 */
export type Trait =
  | 'write'
  | 'readonly'
  | 'blocking'
  | 'denyoom'
  | 'container'
  | 'script'
  | 'random'
  | 'unordered'
  | 'cursor';

/** As the server documents it. Access: reads, changes, overwrites or removes the key. Effect: on what it holds. */
interface KeyFacts extends KeySpec {
  access: 'RO' | 'RW' | 'OW' | 'RM';
  effect?: 'insert' | 'update' | 'delete';
}

type Args = readonly Buffer[];

let specs: readonly KeyFacts[][] | undefined;
const known = new Map<string, Facts>();

/** The names of all commands that are known, subcommands too. */
export function knownCommands(): string[] {
  return [...text.matchAll(/^(.+)\t/gm)].map(([, name]) => name!);
}

/** Of the few that are asked of, each line is sought and read alone: to read the whole table costs milliseconds. */
function read(name: string): Facts | undefined {
  const before = `\n${name}\t`;
  const at = known.has(name) ? -1 : text.indexOf(before);
  if (at < 0) return known.get(name);
  specs ??= JSON.parse(text.slice(0, text.indexOf('\n'))) as KeyFacts[][];
  const { keys, ...facts } = JSON.parse(text.slice(at + before.length, text.indexOf('\n', at + 1)));
  known.set(name, { name, is: [], options: {}, words: {}, repeats: 0, ...facts, keys: specs[keys] });
  return known.get(name);
}

/** Of the subcommand where there is one. Undefined for a command that is not known, such as one of a module. */
export function factsOf(args: readonly (Buffer | string)[]): Facts | undefined {
  const name = commandName(args);
  const facts = read(name);
  if (!facts?.is.includes('container') || args.length < 2) return facts;
  return read(`${name} ${args[1]!.toString().toUpperCase()}`) ?? facts;
}

/** Empty for a command that is not known. */
export function groupOf(args: Args): string {
  return factsOf(args)?.group ?? '';
}

/** Whether it may change data. One that is not known may, and a script that is not run to read alone. */
export function isWrite(args: Args): boolean {
  const facts = factsOf(args);
  if (!facts) return true;
  if (facts.is.includes('script')) return !facts.is.includes('readonly');
  return facts.is.includes('write') || partsOf(facts).some((part) => part.is.includes('write'));
}

/** The subcommands, where it is not known which of them is meant. */
function partsOf({ name, is }: Facts): Facts[] {
  if (!is.includes('container')) return [];
  const names = knownCommands().filter((part) => part.startsWith(`${name} `));
  return names.map((part) => read(part)!);
}

/** Whether it may wait for something to happen: of XREAD and XREADGROUP, where they are told to. */
export function mayBlock(args: Args): boolean {
  const facts = factsOf(args);
  if (!facts?.is.includes('blocking')) return false;
  if (!('BLOCK' in facts.options)) return true;
  for (let i = 1; i < args.length; i++) {
    const word = args[i]!.toString().toUpperCase();
    if (word === 'BLOCK' || word === 'STREAMS') return word === 'BLOCK';
    i += facts.options[word] ?? facts.words[word] ?? 0;
  }
  return false;
}

/** Whether what it answers or takes is picked by chance. */
export function isRandom(args: Args): boolean {
  return is(args, 'random');
}

/** Whether what it answers comes in an order that nobody promises. */
export function isUnordered(args: Args): boolean {
  return is(args, 'unordered');
}

/** Whether it answers a part at a time, and from where to go on. */
export function hasCursor(args: Args): boolean {
  return is(args, 'cursor');
}

/** Whether a script or function says what it does. */
export function runsScript(args: Args): boolean {
  return is(args, 'script');
}

function is(args: Args, trait: Trait): boolean {
  return factsOf(args)?.is.includes(trait) ?? false;
}

/** The keys that it names, in order; of a script, those declared; of a command that is not known, its first argument. */
export function keysOf(args: Args): Buffer[] {
  return keysWhere(args, () => true);
}

/** Of the keys that it names, those that it does not only read. */
export function writtenKeys(args: Args): Buffer[] {
  return isWrite(args) ? keysWhere(args, ({ access }) => access !== 'RO') : [];
}

/** Of the keys that it names, those that it only reads. */
export function readKeys(args: Args): Buffer[] {
  return keysWhere(args, ({ access }) => access === 'RO');
}

/** The keys that get a value in place of all that they held, as by SETEX, RENAME and the STORE forms. */
export function overwrittenKeys(args: Args): Buffer[] {
  return keysWhere(args, ({ access }) => access === 'OW');
}

/** The keys that get something they did not hold, as by SET, LPUSH, and the second of LMOVE. */
export function filledKeys(args: Args): Buffer[] {
  // To update is also to set an expiry, which takes no memory that counts.
  const grows = is(args, 'denyoom');
  return keysWhere(
    args,
    ({ access, effect }) => access === 'OW' || effect === 'insert' || (effect === 'update' && grows),
  );
}

/** The keys that are gone afterwards, as by DEL, GETDEL and MOVE, and the first of RENAME. */
export function removedKeys(args: Args): Buffer[] {
  return ['string', 'generic'].includes(groupOf(args)) ? takenFrom(args) : [];
}

/** The keys that something is taken out of, and that are gone once it was the last, as by LPOP, SREM and HDEL. */
export function shrunkKeys(args: Args): Buffer[] {
  return ['list', 'set', 'hash', 'sorted-set'].includes(groupOf(args)) ? takenFrom(args) : [];
}

/** But for those that the same command fills: RENAME and LMOVE may name one key twice. */
function takenFrom(args: Args): Buffer[] {
  const others = keysWhere(args, ({ effect }) => effect !== 'delete');
  return keysWhere(args, ({ effect }) => effect === 'delete').filter(
    (key) => !others.some((other) => other.equals(key)),
  );
}

function keysWhere(args: Args, fits: (key: Partial<KeyFacts>) => boolean): Buffer[] {
  const facts = factsOf(args);
  if (!facts) return fits({}) ? args.slice(1, 2) : [];
  const places = facts.keys.filter(fits).flatMap((spec) => positionsOf(args, spec));
  const keys = [...new Set(places)].sort((a, b) => a - b).map((place) => args[place]!);
  // MIGRATE has an empty word in the place of its one key where KEYS names many.
  return facts.name === 'MIGRATE' && keys.length > 1 ? keys.filter((key) => key.length > 0) : keys;
}

/** The channels that it names, or the patterns of them: what SUBSCRIBE, PUBLISH and their kin name in place of keys. */
export function channelsOf(args: Args): Buffer[] {
  const facts = factsOf(args);
  if (!facts?.channels) return [];
  const first = facts.name.split(' ').length;
  return args.slice(first, facts.channels === 'all' ? undefined : first + 1);
}
