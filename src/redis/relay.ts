import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import type { Calls } from './command-stats.ts';
import { dial } from './dial.ts';
import { RelayConnection } from './relay-connection.ts';
import type { Reply } from './reply.ts';
import { CONNECT_TIMEOUT, type Target } from './target.ts';

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
  /** What it ran in turn, where it is a script, or an EXEC with a script in it, and there is a `count`. */
  ran?: Calls | undefined;
}

/** A command that a client has sent, and that stands at the gate. */
export interface HeldCommand {
  args: readonly Buffer[];
  client: string;
  db: number;
  /** Whether it will only be queued: a MULTI went before. */
  inTransaction: boolean;
}

/**
 * What becomes of a held command. `forward`: the server gets it. `drop`: nobody does, as of a request that is lost on its
 * way, and no answer comes. `lose reply`: it runs, and its answer is lost. `answer`: the client gets these bytes (RESP)
 * instead of what the server would say.
 */
export type Passage = 'forward' | 'drop' | 'lose reply' | { answer: Buffer };

/** Decides on a command; as long as it is not decided, the command is held. */
export type Gate = (held: HeldCommand) => Passage | Promise<Passage>;

/** What a subscribed client was sent unasked. */
export interface PushedMessage {
  client: string;
  channel: Buffer;
  /** The pattern that the channel matched, of a message that came by one. */
  pattern?: Buffer;
  payload: Buffer;
}

/** What all connections of a relay ask. */
export interface RelayRules {
  /** Gets every command that was answered, before its client gets the answer. Must not throw. */
  onCommand: (command: RelayedCommand) => void;
  /** Gets every message that a client is sent. Must not throw. */
  onMessage: (message: PushedMessage) => void;
  /**
   * Where set, a client's commands are passed on one by one, each after the last one was answered, and only as the gate
   * says. Logging in does not go through it.
   */
  gate: Gate | undefined;
  /** Asks the server what it has counted, on a connection of its own, around each script. */
  count: (() => Promise<Reply>) | undefined;
}

/**
 * Passes clients on to a server, byte by byte, and reads along: each command with its reply is told as soon as
 * the reply is there, before the client itself gets it. Logging in is the clients' own business, and not told.
 */
export class Relay implements RelayRules {
  onCommand: RelayRules['onCommand'] = () => {};
  onMessage: RelayRules['onMessage'] = () => {};
  gate: RelayRules['gate'];
  count: RelayRules['count'];
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #clients = 0;

  private constructor(target: Target) {
    this.#server = createServer({ allowHalfOpen: true }, (client) => void this.#pass(client, target));
    // While nobody uses it, it does not keep the program running.
    this.#server.unref();
  }

  /** Listens at a host and port (0: one that is free), or a path. Rejects with the error of `listen`. */
  static async listen(target: Target, at: ListenOptions): Promise<Relay> {
    const relay = new Relay(target);
    await new Promise<void>((resolve, reject) => {
      relay.#server.once('error', reject);
      relay.#server.listen(at, resolve);
    });
    return relay;
  }

  /** The port where it listens; 0 where that is a path. */
  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  /** Ends every connection at once. Safe to call twice. */
  close(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  async #pass(client: Socket, target: Target): Promise<void> {
    this.#keep(client);
    let server: Socket;
    try {
      server = await dial(target, CONNECT_TIMEOUT);
    } catch {
      // As a server that does not answer: the client says so in its own words.
      client.destroy();
      return;
    }
    this.#keep(server);
    new RelayConnection(`relay:${++this.#clients}`, client, server, this);
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.unref();
    socket.on('error', () => {});
    socket.on('close', () => this.#open.delete(socket));
  }
}
