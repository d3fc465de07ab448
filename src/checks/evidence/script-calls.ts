import { globMatch, matchesCommand, patternWords } from '../../course/pattern.ts';
import type { Calls } from '../../redis/command-stats.ts';
import type { Execution } from './execution.ts';

/** Whether a command, or one that its script ran, is like one of the patterns. */
export function isLikeAny(patterns: readonly string[], execution: Execution): boolean {
  return patterns.some((pattern) => matchesCommand(pattern, execution.args) || ranLike(pattern, execution));
}

/** What a script ran, by name: as the server counted, else as far as its text tells. */
export function calledBy({ name, args, ran }: Execution): string[] {
  if (!runsOthers(name)) return [];
  const own = name.startsWith('FCALL') ? name : /^(EVAL|EVALSHA)/.exec(name)![0];
  if (ran) return [...ran.keys()].filter((called) => called !== name && called !== own);
  const called = args[1]?.toString('latin1').matchAll(/\bp?call\s*\(\s*(["'])(\w+)\1/gi) ?? [];
  return [...called].map(([, , word]) => word!.toUpperCase());
}

export function runsOthers(name: string): boolean {
  return /^(EVAL|EVALSHA|FCALL)(_RO)?$/.test(name);
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
  const said = execution.args.slice(1).flatMap((arg) => [
    arg.toString().toLowerCase(),
    ...arg
      .toString()
      .toLowerCase()
      .split(/["'\s,()]+/),
  ]);
  return words.every((word) => said.some((one) => globMatch(word, one)));
}
