import type { Calls } from '../../redis/command-stats.ts';
import type { Message } from '../../redis/message.ts';
import type { Reply } from '../../redis/reply.ts';

/** What state alone cannot show: what was done since the exercise began, in order. */
export interface Evidence {
  commands: SeenCommand[];
  /** What came to clients without being asked for, in the order in which it came to each. */
  messages?: SeenMessage[];
  /** Where the URLs behind `.connect` led, in order; those that led nowhere are not among them. */
  entries?: Entered[];
  /** No URL has led to the server of the exercise, so nothing was sent to it. */
  outside?: boolean;
  /** The last thing typed after `.answer`. */
  answer?: string;
  /** They are those of code: nobody typed them. */
  code?: boolean;
}

export interface SeenCommand {
  args: readonly Buffer[];
  /** Tells connections apart: commands of one MULTI ... EXEC share it. */
  client: string;
  /** The database that the client was in when it sent the command: of a SELECT, the one it left. */
  db: number;
  reply: Reply;
  /**
   * When it was sent, in ms of the server's clock; never later than the server ran it.
   */
  time: number;
  /** What it ran in turn, where it is a script, or an EXEC with a script in it: by the server's count. */
  ran?: Calls | undefined;
  /** It is another client's that the exercise, or its world, has at work. */
  other?: boolean;
}

/** What a URL reached. */
export interface Entered {
  /** Null where nobody has logged in. */
  user: string | null;
  db: number;
}

/** A message of publish and subscribe, or a confirmation of SUBSCRIBE and its kin. */
export interface SeenMessage extends Message {
  /** Whose it is, as of `SeenCommand`. */
  client: string;
  /** It came to another client that the exercise, or its world, has at work. */
  other?: boolean;
}
