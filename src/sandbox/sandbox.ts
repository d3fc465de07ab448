import type { EngineClient } from '../redis/engine-client.ts';
import type { LearnerClient } from '../redis/learner-client.ts';
import type { Place } from '../redis/place.ts';
import type { Relay } from '../redis/relay.ts';
import type { Reply } from '../redis/reply.ts';
import type { Snapshot } from '../redis/snapshot.ts';
import type { Target } from '../redis/target.ts';
import type { EntryOptions } from './entrance.ts';
import type { Entry } from './entry.ts';

/** Whether commands that run scripts are run; where not, why: "the user bob may not make users", and what would allow them. */
export type Scripts = { allowed: true } | { allowed: false; because: string; acl: string };

export interface GiveOptions {
  /** Adds DUMP payloads to the snapshot. */
  dumps?: boolean;
}

/** The Redis that exercises run on. */
export interface Sandbox {
  kind: 'private' | 'named';
  /** One line for the user: "Redis 7.0.15, private, from Debian's packages". */
  description: string;
  /** A folder for sockets that goes with it, however we end; absent on a server that the user named. */
  folder?: string;
  /** How the engine reaches it. */
  target: Target;
  /** How the learner's own code reaches it. */
  learnerTarget: Target;
  /** Where other clients come in, once `url` was asked for. Absent on a server that the user named: they go there themselves. */
  relay: Relay | undefined;
  /** The engine's connection: snapshots, given states, docs. */
  engine: EngineClient;
  /** The learner's connection. Replaced by `reconnect`. */
  learner: LearnerClient;
  /** The logical database that exercises use. */
  db: number;
  scripts: Scripts;
  /** Settles when the server went away by itself, with the reason. Never rejects. */
  lost: Promise<string>;
  /** A URL for other clients; of a private server, that of its `relay`, which begins to listen. Holds a password. */
  url(): Promise<string>;
  /** Gives the learner a new connection, in the state of a fresh one, and ends the old. */
  reconnect(): Promise<void>;
  /**
   * Where the server asks something of whoever comes in: comes in by a URL, as the learner writes it. Where that goes well
   * it is `learner` from then on, else the connection that was there stays. Never dials another server.
   */
  connect?(url: string, options?: EntryOptions): Promise<Entry>;
  /** The same server for code that connects by itself: with TLS where the server speaks that. Nobody listens before it is asked for, unless by TLS. */
  place?(): Promise<Place>;
  /** The authority that signed the server's certificate (PEM); absent where there is no TLS. */
  ca?: string;
  /** Says that these keys came from the learner by another way than `learner`, e.g. by their code: `clear` removes them. */
  adopt(names: Buffer[]): Promise<void>;
  /**
   * Why a command of the learner's must not be run here, as an error reply; undefined where it may be. `db` is the
   * database that its connection is in, that of exercises where absent. Asks nobody.
   */
  refusalOf(command: readonly Buffer[], db?: number): string | undefined;
  /** Empties what is ours, runs the commands as the engine, and looks at what there is then: in one round trip. */
  give(commands: Buffer[][], options?: GiveOptions): Promise<{ replies: Reply[]; snapshot: Snapshot }>;
  /** Empties what is ours: the whole private server; of a named server only the keys that we made. */
  clear(): Promise<void>;
  /** Ends the private server, or removes our keys from a named one. Safe to call twice. */
  close(): Promise<void>;
}
