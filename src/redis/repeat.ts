/** What redis-cli says where a line begins with a number that is no count. */
export const BAD_REPEAT = 'Invalid redis-cli repeat command option value.';

/**
 * redis-cli runs `5 INCR x` five times. `count` is undefined where the number is not one from 1 to 2^63-1.
 * A number alone is a command like any other. Blanks before the number and an empty word (which counts as 0)
 * are taken as C's strtol takes them.
 */
export function repeatOf(args: Buffer[]): { count: number | undefined; args: Buffer[] } {
  // The word is a C string, which ends at a NUL byte.
  const [first = ''] = args[0]?.toString('latin1').split('\0') ?? [];
  if (args.length < 2 || !/^([ \t-\r]*[-+]?\d+)?$/.test(first)) return { count: 1, args };
  const count = BigInt(first.trim().replace('+', ''));
  const inRange = count >= 1n && count <= 2n ** 63n - 1n;
  return { count: inRange ? Number(count) : undefined, args: args.slice(1) };
}
