/** How one of an exercise's worlds differs from its own, and where in the answer that mattered. */
export interface There {
  kind: 'given' | 'meanwhile' | 'dies';
  /** The author's words: "50 pieces are in stock". */
  where?: string;
  /** What it begins with, or what another client runs: as typed. */
  lines: string;
  /** The learner's commands before and behind the moment when somebody got in, or when the program died. */
  before?: string;
  after?: string;
}

/** `Where 50 pieces are in stock`, `Where another client runs DECR stock:12 between your GET and your SET`. */
export function thereText({ kind, where, lines, before, after }: There): string {
  if (kind === 'given') return where === undefined ? `Beginning with ${lines}` : `Where ${where}`;
  if (kind === 'dies') {
    const moment = before === undefined ? 'before its first command' : `after its ${before}`;
    return `Where ${where ?? 'the program dies'} ${moment}`;
  }
  return [`Where ${where ?? `another client runs ${lines}`}`, between(before, after)]
    .filter(Boolean)
    .join(' ');
}

function between(before: string | undefined, after: string | undefined): string {
  if (before !== undefined && after !== undefined) return `between your ${before} and your ${after}`;
  if (before !== undefined) return `after your ${before}`;
  return after === undefined ? '' : `before your ${after}`;
}
