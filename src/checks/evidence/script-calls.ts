import { createHash } from 'node:crypto';
import { globMatch, matchesCommand, patternWords } from '../../course/pattern.ts';
import { runsScript } from '../../redis/command-facts.ts';
import type { Calls } from '../../redis/command-stats.ts';
import type { Execution } from './execution.ts';

/** Whether a command, or one that its script ran, is like one of the patterns. */
export function isLikeAny(patterns: readonly string[], execution: Execution): boolean {
  return patterns.some((pattern) => matchesCommand(pattern, execution.args) || ranLike(pattern, execution));
}

/** What a script ran, by name: as the server counted, else as far as its text tells. */
export function calledBy({ name, args, source, ran }: Execution): string[] {
  if (!runsScript(args)) return [];
  const own = name.startsWith('FCALL') ? name : /^(EVAL|EVALSHA)/.exec(name)![0];
  if (ran) return [...ran.keys()].filter((called) => called !== name && called !== own);
  const called = (source ?? '').matchAll(/\bp?call\s*\(\s*(["'])(\w+)\1/gi);
  return [...called].map(([, , word]) => word!.toUpperCase());
}

/** What is left of the calls around an EXEC for the scripts in it: the plain commands beside them ran once each. */
export function withoutPlain(calls: Calls, plain: readonly Execution[]): Calls {
  const left = new Map(calls);
  left.delete('EXEC');
  for (const { name, fate } of plain) {
    if (fate === 'failed') continue;
    const count = (left.get(name) ?? 0) - 1;
    if (count > 0) left.set(name, count);
    else left.delete(name);
  }
  return left;
}

/**
 * The name is the server's to tell. With which arguments it ran, only the script's own words and what was given to it can
 * show: each further word of the pattern must be among them.
 */
function ranLike(pattern: string, execution: Execution): boolean {
  const [name = '', ...words] = patternWords(pattern.toLowerCase());
  if (!calledBy(execution).some((called) => globMatch(name, called.toLowerCase().split(' ')[0]!)))
    return false;
  const said = [execution.source ?? '', ...givenTo(execution)].flatMap((text) => {
    const lower = text.toLowerCase();
    const quoted = [...lower.matchAll(/(["'])(.*?)\1/g)].map(([, , inner]) => inner!);
    return [lower, ...quoted, ...lower.split(/["'\s,()]+/)];
  });
  return words.every((word) => said.some((one) => globMatch(word, one)));
}

/** What a script can have taken from its arguments: nothing, where it never looks at them. */
function givenTo({ name, args, source }: Execution): string[] {
  const given = args.slice(2).map(String);
  if (source === undefined || name.startsWith('FCALL')) return given;
  const keys = 1 + Number(given[0]);
  return given.filter((_, index) => new RegExp(index < keys ? 'KEYS' : 'ARGV').test(source));
}

/** The scripts and libraries that were seen so far, so that a command that runs one by name can be read too. */
export class Sources {
  readonly #texts: string[] = [];

  /** What a command runs, without its comments, as far as that was seen; keeps what it brings along. */
  of(name: string, args: readonly Buffer[]): string | undefined {
    const loads = /^(SCRIPT|FUNCTION)$/.test(name) && /^load$/i.test(String(args[1]));
    const brought = loads ? args.at(-1) : /^EVAL(_RO)?$/.test(name) ? args[1] : undefined;
    if (brought) this.#texts.push(brought.toString());
    if (!runsScript(args)) return undefined;
    const called = args[1]?.toString() ?? '';
    const text = brought?.toString() ?? this.#texts.findLast((text) => isCalled(text, name, called));
    return text?.replace(COMMENT, (match) => (match.startsWith('--') ? ' ' : match));
  }
}

/** A comment of Lua's, or a text, in which nothing is a comment. */
const COMMENT = /--\[(=*)\[.*?\]\1\]|--[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\[(=*)\[.*?\]\2\]/gs;

function isCalled(text: string, name: string, called: string): boolean {
  if (name.startsWith('FCALL')) return [`'${called}'`, `"${called}"`].some((quoted) => text.includes(quoted));
  return createHash('sha1').update(text).digest('hex') === called.toLowerCase();
}
