/**
 * What an author writes for a code exercise: the module `scenario.ts` beside its starters, whose default export is a
 * Scenario. It imports types alone:
 *
 *     import type { Scenario } from 'rediscover/scenario';
 *
 * One scenario judges every language: names in camelCase are the same in snake_case in Python.
 */
export interface Scenario {
  /** What the learner's module must export. */
  exports: string[];
  /** In this order; those that explore come after the others, and once all of these hold. */
  cases: Case[];
}

/** One thing that the learner's code must do. */
export interface Case {
  /** What holds, in words for the learner: "the second call does not compute". */
  title: string;
  /** Command lines that make the state to begin with; the database is empty otherwise. */
  given?: string[];
  /** Commands that not every server has, in capitals: without them this case is left out. */
  needs?: string[];
  /**
   * Runs the learner's code and says what must hold. It awaits nothing but what a stage, its actors and their exports
   * give. Where it explores, it is run once for each schedule, and must do the same each time.
   */
  play(stage: Stage): Promise<void>;
  /** Tries every schedule that matters, rather than one. */
  explore?: Explore;
}

/** What may happen besides the actors' commands, and how far the search for a schedule that fails goes. */
export interface Explore {
  /** Departures from "go on with the same actor" in one schedule, at most; 2 where absent. */
  bound?: number;
  /** Keys, by pattern, that may expire at any moment, once in a schedule: time passes for all until the key is gone. */
  expires?: string[];
  /** Time may pass to the next timer, also while commands are under way. */
  time?: boolean;
  /** What may be lost, once in a schedule: a command runs and its reply never comes, or it never gets there. The connection ends with it. */
  loses?: ('reply' | 'command')[];
  /** An actor may die, once in a schedule: nothing more of it runs, and what it called is never answered. Names of those who may. */
  dies?: string[];
  /** Keys, by pattern, that only the actor who made them may remove, replace or give another expiry, as a lock. */
  owned?: string[];
}

/** Where a case is played: a real Redis that is emptied before, and a clock of its own. */
export interface Stage {
  /** A process that has the learner's module, and a connection of its own. The same name is the same one. */
  actor(name: string): Actor;
  /** Runs a command as the engine: no actor sees it, and it counts nowhere. Replies are strings, numbers, null and lists. Throws on an error reply. */
  redis(command: string, ...args: (string | number)[]): Promise<any>;
  /** Time passes for the actors' clocks and timers, and for what is left of every key's expiry; milliseconds. */
  pass(ms: number): Promise<void>;
  /** Time passes until this key has expired. Fails the case where it has no expiry, or is not there. */
  expire(key: string): Promise<void>;
  /** The virtual clock, in milliseconds from the beginning of the case. */
  readonly now: number;
  /** Redis can't be reached from now on: connections end, and new ones are refused. */
  down(): Promise<void>;
  /** It can be reached again. */
  up(): Promise<void>;
  /** What the actors' connections ran so far, in order. What sets up a connection is not among them. */
  readonly commands: readonly Ran[];
  /** How often an actor waited for the server so far: commands that were sent without waiting for one another are one. */
  roundTrips(actor: Actor): number;
  /** The case fails with this sentence unless both are deeply equal. It is followed by what was expected and what was there. */
  equal(actual: unknown, expected: unknown, said: string): void;
  /** The case fails with this sentence unless `holds`. */
  that(holds: unknown, said: string): void;
  /** The case fails. In a race, the row at hand of its table is marked. */
  fail(said: string): never;
  /** Fails unless the call throws; resolves to what it threw, by its class and words. */
  throws(call: Promise<unknown>, said: string): Promise<{ name: string; message: string }>;
  /** Runs parts side by side, until all are over. A part whose actor dies is over. */
  together(...parts: (() => Promise<unknown>)[]): Promise<void>;
  /** An argument whose fields are options: an object in JavaScript, keyword arguments in Python. */
  options(fields: Record<string, unknown>): unknown;
}

/** A command that an actor ran. Of a transaction every command is one; what a script ran is not among them. */
export interface Ran {
  actor: string;
  /** In capitals. */
  name: string;
  /** All of it, the name first. */
  args: string[];
  /** Text as strings, errors as `{error: text}`. */
  reply: any;
  /** When, by the virtual clock, in ms. */
  at: number;
}

/** One process with the learner's module. */
export interface Actor {
  readonly name: string;
  /**
   * The learner's exports. A call resolves to what it returned: plain data as it is, functions and other objects as
   * remotes, which are called, or whose methods are, in the same way. It rejects with what was thrown; where nobody
   * expects that, the case fails with the learner's own line.
   */
  readonly exports: Remote;
  /** To hand to an export: this actor's client of node-redis, or of redis-py (`redis.asyncio` where its exports are `async def`). It is connected, and gets text. */
  readonly client: unknown;
  /**
   * To hand to an export: a function that runs here, in the scenario, each time it is called; `calls` holds the arguments of each.
   * What it throws is thrown there. `name` is what the function is called there.
   */
  fn<A extends any[]>(body: (...args: A) => unknown, name?: string): Fn<A>;
  /** In a race, a moment of its own in which others may get their turn: the actor does something that takes time. Shown as a row. */
  works(words: string): Promise<void>;
  /** Says something in this actor's column of the table, at once. */
  marks(words: string): void;
  /** Its next command, or the next by this name, runs, and its connection ends before the reply comes. */
  losesReply(command?: string): void;
  /** Its wall clock (`Date`, `time.time()`) is set on, or back, by so many ms. Timers and monotonic clocks go on as before. */
  clockJumps(ms: number): Promise<void>;
  /** Its connections end now; it may connect anew. */
  cut(): Promise<void>;
  /** What it printed so far, line by line. */
  readonly output: readonly string[];
  /** How many connections the learner's own code has opened, and not closed. */
  openConnections(): Promise<number>;
}

/** What lives in an actor's process: a function, or an object with methods. */
export type Remote = ((...args: any[]) => Promise<any>) & { readonly [method: string]: Remote };

export type Fn<A extends any[]> = ((...args: A) => unknown) & { readonly calls: A[] };
