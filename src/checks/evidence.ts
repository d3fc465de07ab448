import type { Reply } from '../redis/reply.ts';

/** What state alone cannot show: what was done since the exercise began, in order. */
export interface Evidence {
  commands: SeenCommand[];
  /** The last thing typed after `.answer`. */
  answer?: string;
}

export interface SeenCommand {
  args: readonly Buffer[];
  /** Who ran it: the prompt (or answers file), or another client of the same server. */
  by: 'prompt' | 'other';
  /** Tells connections apart: commands of one MULTI ... EXEC share it. */
  client: string;
  /** The database that the client was in when it sent the command: of a SELECT, the one it left. */
  db: number;
  reply: Reply;
  /**
   * When it was sent, in ms of the server's clock; never later than the server ran it. Where known, an expiry is
   * judged from that moment on, and not from the exercise's beginning.
   */
  time: number;
}
