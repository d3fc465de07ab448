import type { AvoidedCheck } from '../../course/course.ts';
import type { JudgeContext, Mentions } from '../context.ts';
import { isLikeAny } from '../evidence/script-calls.ts';
import type { Judgement } from '../result.ts';
import type { About } from '../verdict.ts';
import { showCommand, some } from '../words/show.ts';

/** None of the patterns may match a command that ran. */
export function judge({ patterns }: AvoidedCheck, { executions }: JudgeContext): [About, Judgement][] {
  const about: About = { kind: 'avoided', command: patterns[0] ?? '' };
  const expected = `not ${patterns.join(' or ')}`;
  const ran = executions.filter((execution) => execution.fate === 'ran' && isLikeAny(patterns, execution));
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
