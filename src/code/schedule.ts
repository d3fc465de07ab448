/** What happened in one run of a case, a row a step: what a table of it is made of. Data alone. */
export interface Schedule {
  /** In the order of their columns. */
  actors: string[];
  rows: Row[];
  /** What was chosen wherever there was a choice, so that the same can be done again. */
  choices: string[];
}

export type Row = Happened & {
  /** The promise broke here, in words: "both inside". */
  broke?: string;
  /** The keys after it, by name; only where asked for. */
  state?: KeyLine[];
};

type Happened =
  | { kind: 'command'; actor: string; args: string[]; reply: string }
  /** The actor's own words, or that it does something that takes time. */
  | { kind: 'mark'; actor: string; words: string }
  /** Time passed until this key expired: to so many ms from the beginning. */
  | { kind: 'expires'; key: string; now: number }
  /** Time passed, to so many ms from the beginning. */
  | { kind: 'time'; now: number }
  /** A command that never got there, or whose reply never came. */
  | { kind: 'lost'; actor: string; what: 'command' | 'reply'; args: string[] }
  | { kind: 'dies'; actor: string };

export interface KeyLine {
  key: string;
  /** In short: `string "8dbb"`, as what changed is told at the prompt. */
  value: string;
  /** Ms of its expiry that are left; absent where it has none. */
  pttl?: number;
}
