/** A line like `:set nohints`. */
export interface Preference {
  /** Present where the line sets it. */
  hints?: boolean;
  /** What redis-cli says of a line that it does not know; empty otherwise. */
  complaint: string;
}

/** What a line that begins with a colon sets, as redis-cli reads it; undefined for any other line. */
export function preferenceOf(args: readonly Buffer[]): Preference | undefined {
  const [command = '', name] = args.slice(0, 2).map((arg) => arg.toString('latin1'));
  if (!command.startsWith(':')) return undefined;
  if (command.toLowerCase() !== ':set' || name === undefined)
    return { complaint: `unknown redis-cli internal command '${command}'` };
  switch (name.toLowerCase()) {
    case 'hints':
      return { hints: true, complaint: '' };
    case 'nohints':
      return { hints: false, complaint: '' };
    default:
      return { complaint: `unknown redis-cli preference '${name}'` };
  }
}
