import type { CheckResult } from '../checks/verdict.ts';

/**
 * What a check that passed has found, for a person: `session:xyz: expires in 30 minutes (1800 s)`. Empty where that
 * would say nothing: that a forbidden command was not used, or that a key nobody asked for is as it was.
 */
export function holds({ id, expected, actual }: CheckResult): string {
  const [, kind = '', about = ''] = /^(\w+):?(.*?)(?:#\d+)?$/s.exec(id) ?? [];
  if (kind === 'key') return `${about.slice(0, about.lastIndexOf(':'))}: ${expected}`;
  if (kind === 'keys') return `${about}: ${expected}`;
  if (kind === 'reply') return `the answer ${expected}`;
  if (kind === 'used') return actual;
  if (kind === 'atomic') return `${about.replaceAll(',', ', ')}: written in one step`;
  if (kind === 'answer') return 'your answer';
  return '';
}
