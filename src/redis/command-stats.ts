import type { Reply } from './reply.ts';

/** How often each command was run, by its name in capitals; subcommands as `CLIENT LIST`. */
export type Calls = ReadonlyMap<string, number>;

export const COMMAND_STATS = ['INFO', 'commandstats'];

/**
 * What ran between two replies to INFO commandstats, the first INFO left out: the server counts what scripts run as
 * what it is. A call that failed did nothing. Undefined where the server does not tell.
 * Source: https://redis.io/docs/latest/commands/info/
 */
export function callsBetween(before: Reply, after: Reply): Calls | undefined {
  const [then, now] = [totals(before), totals(after)];
  if (!then || !now) return undefined;
  const calls = new Map<string, number>();
  for (const [name, total] of now) {
    const count = total - (then.get(name) ?? 0) - (name === 'INFO' ? 1 : 0);
    if (count > 0) calls.set(name, count);
  }
  return calls;
}

function totals(reply: Reply): Map<string, number> | undefined {
  if (reply.type !== 'bulk' && reply.type !== 'verbatim') return undefined;
  const text = reply.bytes.toString('latin1');
  const lines = text.matchAll(/^cmdstat_([^:]+):calls=(\d+)[^\r\n]*?(?:failed_calls=(\d+))?\r?$/gm);
  return new Map(
    [...lines].map(([, name, calls, failed = '0']) => [
      name!.toUpperCase().replace('|', ' '),
      Number(calls) - Number(failed),
    ]),
  );
}
