import { type Asked, Conversation } from './conversation.ts';
import { ProtocolError, ReplyDecoder } from './decode.ts';
import { isLogin } from './gate.ts';
import { type Message, messageOf } from './message.ts';
import type { Reply } from './reply.ts';
import type { Session } from './session.ts';

/** A command that a client ran through the relay, and what the server answered. */
export interface RelayedCommand {
  args: readonly Buffer[];
  reply: Reply;
  /** Tells the relay's clients apart. */
  client: string;
  /** The database that the client was in when it sent the command: of a SELECT, the one it left. */
  db: number;
  /** When it was passed on to the server, by `performance.now()`. */
  sent: number;
}

/** What the server sent to a client that it had not asked for just then. */
export interface RelayedMessage extends Message {
  client: string;
  /** When it came, by `performance.now()`. */
  received: number;
}

/** Who is told what passes a relay, in the order in which it does. Must not throw. */
export interface Listener {
  onCommand(command: RelayedCommand): void;
  onMessage(message: RelayedMessage): void;
}

interface Sent extends Asked {
  sent: number;
}

/** Reads along on one connection, until something is said that is no RESP. No I/O. */
export class Tap {
  /** What follows is not understood: a replica's stream, or bytes that the server refuses too. */
  lost = false;
  readonly #client: string;
  readonly #listener: Listener;
  readonly #conversation = new Conversation<Sent>(0);
  readonly #replies = new ReplyDecoder((reply) => this.#take(reply));
  /** CLIENT REPLY: whether commands are answered, and how many more are not. */
  #muted = false;
  #skipped = 0;

  constructor(client: string, listener: Listener) {
    this.#client = client;
    this.#listener = listener;
  }

  get session(): Session {
    return this.#conversation.session;
  }

  /** Does the client want no reply to its next command? */
  get silent(): boolean {
    return this.#muted || this.#skipped > 0;
  }

  /** Is all that was sent answered, and no reply half there? */
  get settled(): boolean {
    return this.#conversation.waiting.length === 0 && !this.#replies.midway;
  }

  /** A command was passed on to the server. */
  sent(args: readonly Buffer[]): void {
    const words = args.slice(0, 3).map((arg) => arg.toString('latin1').toUpperCase());
    const reply = words[0] === 'CLIENT' && words[1] === 'REPLY' ? words[2] : undefined;
    if (reply === 'ON') this.#muted = false;
    else if (reply === 'OFF') this.#muted = true;
    else if (reply === 'SKIP') this.#skipped = 2;
    const { silent } = this;
    this.#skipped = Math.max(0, this.#skipped - 1);
    if (!silent) this.#conversation.waiting.push({ args, sent: performance.now() });
  }

  /** Bytes of the server, in chunks as they come. */
  replies(chunk: Buffer): void {
    if (this.lost) return;
    try {
      this.#replies.write(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.lost = true;
    }
  }

  #take(reply: Reply): void {
    const { db } = this.session;
    const { part, to } = this.#conversation.take(reply);
    // Logging in is no part of an answer, and its words are secret.
    if ((part === 'answer' || part === 'first') && !isLogin(to.args))
      this.#listener.onCommand({ args: to.args, reply, client: this.#client, db, sent: to.sent });
    const message = part === 'answer' ? undefined : messageOf(reply);
    if (message) this.#listener.onMessage({ ...message, client: this.#client, received: performance.now() });
  }
}
