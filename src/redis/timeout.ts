import { commandName } from './session.ts';

/**
 * How long a blocking command waits at most, in ms: Infinity for one that waits for ever, 0 for one that does not wait.
 * Source: https://redis.io/docs/latest/commands/blpop/ and its kin
 */
export function timeoutOf(args: readonly Buffer[]): number {
  const number = (arg: Buffer | undefined) => Number(arg?.toString() || Number.NaN);
  const [value, unit] = /^(XREAD|XREADGROUP)$/.test(commandName(args))
    ? [number(args[1 + args.findIndex((arg) => /^block$/i.test(arg.toString()))]), 1]
    : /^B[LZ]MPOP$/.test(commandName(args))
      ? [number(args[1]), 1000]
      : [number(args.at(-1)), commandName(args).startsWith('WAIT') ? 1 : 1000];
  // What is no number is answered by an error, at once.
  if (!(value >= 0)) return 0;
  return value === 0 ? Number.POSITIVE_INFINITY : value * unit;
}
