import type { EngineClient } from '../redis/engine-client.ts';
import type { LearnerClient } from '../redis/learner-client.ts';
import type { Target } from '../redis/target.ts';

/** The Redis that exercises run on. */
export interface Sandbox {
  kind: 'private' | 'named';
  /** One line for the user: "Redis 7.0.15, private, from Debian's packages". */
  description: string;
  /** How the engine reaches it: for a MONITOR of its own, on a private server alone. */
  target: Target;
  /** Whether its MONITOR may be followed, and shows our own connections as unix ones. */
  monitorable: boolean;
  /** The engine's connection: snapshots, given states, docs. */
  engine: EngineClient;
  /** The learner's connection. Replaced by `reconnect`. */
  learner: LearnerClient;
  /** The logical database that exercises use. */
  db: number;
  /** Settles when the server went away by itself, with the reason. Never rejects. */
  lost: Promise<string>;
  /** A URL for other clients, opening a TCP port first where there is none. Holds a password. */
  url(): Promise<string>;
  /** Gives the learner a new connection, in the state of a fresh one, and ends the old. */
  reconnect(): Promise<void>;
  /** Says that these keys came from the learner by another way than `learner`, e.g. by their code: `clear` removes them. */
  adopt(names: Buffer[]): Promise<void>;
  /** Empties what is ours: the whole private server; of a named server only the keys that we made. */
  clear(): Promise<void>;
  /** Ends the private server, or removes our keys from a named one. Safe to call twice. */
  close(): Promise<void>;
}
