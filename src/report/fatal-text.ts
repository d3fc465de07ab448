import { visible } from '../ui/visible.ts';
import type { Fatal } from './reporter.ts';

/** What a run that came to nothing is called, where a format wants a test that failed. */
export const FATAL_NAME = 'rediscover check';

/** Why a run came to nothing and what to do about it, in lines that nothing obeys. */
export function fatalText({ message, next }: Fatal): string {
  return visible([message, ...(next === undefined ? [] : [next])].join('\n'), 'lines');
}
