import type { Verdict } from './verdict.ts';

/**
 * How much of a wrong answer holds: of what did not hold in the given state, which `untouched` is the verdict on, and of
 * the worlds, which are one part. Nothing where given data came to harm.
 */
export function partsOf(
  verdict: Verdict,
  untouched: Verdict,
  hasWorlds: boolean,
): { held: number; of: number } {
  const before = new Set(untouched.checks.flatMap(({ id, status }) => (status === 'passed' ? id : [])));
  const own = verdict.checks.filter(
    ({ id, world, kind }) => world === undefined && kind !== 'given' && !before.has(id),
  );
  const harm = verdict.checks.some(({ kind }) => kind === 'given');
  return {
    held: harm ? 0 : own.filter(({ status }) => status === 'passed').length,
    of: Math.max(1, own.length + (hasWorlds ? 1 : 0)),
  };
}
