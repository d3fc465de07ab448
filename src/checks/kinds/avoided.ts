import type { AvoidedCheck } from '../../course/course.ts';
import { matchesAny } from '../../course/pattern.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import type { Judgement } from '../result.ts';
import type { About } from '../verdict.ts';
import { showCommand, some } from '../words/show.ts';

/** None of the patterns may match a command that ran. */
export function judge({ patterns }: AvoidedCheck, { executions }: JudgeContext): [About, Judgement][] {
  const about: About = { kind: 'avoided', command: patterns[0] ?? '' };
  const expected = `not ${patterns.join(' or ')}`;
  const ran = executions.filter(({ fate, args }) => fate === 'ran' && matchesAny(patterns, args));
  if (ran.length === 0) return [[about, { expected, actual: 'not used' }]];
  const commands = some([...new Set(ran.map(({ args }) => showCommand(args)))], (command) => command);
  return [[about, { expected, actual: commands, fact: { code: 'used', commands }, next: 'reset' }]];
}

/** That something was not done goes without saying. */
export function describe(): string {
  return '';
}

export function mentions(): Mentions {
  return {};
}
