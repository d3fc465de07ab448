import { commandName } from './session.ts';

/** A command that a client sent through a relay, and that has not been passed on. */
export interface HeldCommand {
  /** Tells the relay's clients apart, as in `RelayedCommand`. */
  client: string;
  /** Counts the client's commands from 0; what sets up its connection is none of them. */
  number: number;
  args: readonly Buffer[];
  /** The database and the transaction that it will run in. */
  db: number;
  inTransaction: boolean;
  /** As whom it is logged in, as far as it said so; `default` where it did not. */
  user: string;
  /** Counts the pieces in which the relay got bytes of its clients: what came in one was sent without waiting for a reply. */
  burst: number;
  /** Aborted once the client, the server or the relay is gone: whatever is decided then changes nothing. */
  signal: AbortSignal;
}

/**
 * What becomes of a held command.
 * `forward`: the server gets it. `drop`: it is lost on the way. `drop-reply`: it runs, and its reply is lost.
 * Replies are told apart by their order alone, so nothing can be lost from their midst: the client gets nothing
 * more on that connection, and nothing more of it is passed on.
 * `answer`: these bytes (RESP) are the client's reply, and the server gets nothing.
 */
export type Passage = 'forward' | 'drop' | 'drop-reply' | { answer: Buffer };

/**
 * Decides on each command of each client, and may take its time. It is asked once all that the client sent before
 * is answered, and nothing after is passed on until it has decided, also where the client sends many at once.
 * Only what has no reply (CLIENT REPLY OFF) and a client that has ended its side, and may be gone, are not waited for.
 */
export type Gate = (held: HeldCommand) => Promise<Passage>;

const SET_UP = ['AUTH', 'HELLO', 'SELECT', 'READONLY'];
const CLIENT_SET_UP = ['SETINFO', 'SETNAME', 'ID', 'TRACKING', 'MAINT_NOTIFICATIONS', 'CAPA'];

/** Is this what client libraries send by themselves to set up a connection? Then no gate is asked. */
export function isSetUp(args: readonly Buffer[]): boolean {
  const name = commandName(args);
  return SET_UP.includes(name) || (name === 'CLIENT' && CLIENT_SET_UP.includes(commandName(args.slice(1))));
}

/** Its words are secret: no gate is asked, and nobody is told. */
export function isLogin(args: readonly Buffer[]): boolean {
  return ['AUTH', 'HELLO'].includes(commandName(args));
}
