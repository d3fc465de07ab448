import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { type Asked, Conversation } from './conversation.ts';
import { ReplyDecoder } from './decode.ts';
import { dial } from './dial.ts';
import type { Reply } from './reply.ts';
import { RequestDecoder } from './request.ts';
import { commandName } from './session.ts';
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
}

/**
 * Passes clients on to a server, byte by byte, and reads along: each command with its reply is told as soon as
 * the reply is there, before the client itself gets it. Logging in is the clients' own business, and not told.
 */
export class Relay {
  /** Gets every command that was answered. Must not throw. */
  onCommand: (command: RelayedCommand) => void = () => {};
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
    const reader = new Reader(`relay:${++this.#clients}`, (command) => this.onCommand(command));
    client.on('data', (chunk) => reader.requests(chunk));
    server.on('data', (chunk) => reader.replies(chunk));
    client.pipe(server);
    server.pipe(client);
    client.on('close', () => server.end());
    server.on('close', () => client.destroy());
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.unref();
    socket.on('error', () => {});
    socket.on('close', () => this.#open.delete(socket));
  }
}

interface Sent extends Asked {
  sent: number;
}

/** Reads along on one connection, until something is said that is no RESP. */
class Reader {
  readonly #client: string;
  readonly #tell: (command: RelayedCommand) => void;
  readonly #conversation = new Conversation<Sent>(0);
  readonly #requests = new RequestDecoder((args) => this.#asked(args));
  readonly #replies = new ReplyDecoder((reply) => this.#answered(reply));
  /** CLIENT REPLY: whether commands are answered, and how many more are not. */
  #muted = false;
  #skipped = 0;
  #lost = false;

  constructor(client: string, tell: (command: RelayedCommand) => void) {
    this.#client = client;
    this.#tell = tell;
  }

  requests(chunk: Buffer): void {
    this.#read(() => this.#requests.write(chunk));
  }

  replies(chunk: Buffer): void {
    this.#read(() => this.#replies.write(chunk));
  }

  #read(read: () => void): void {
    if (this.#lost) return;
    try {
      read();
    } catch {
      // A replica's stream, or bytes that the server refuses too: passed on, and not understood.
      this.#lost = true;
    }
  }

  #asked(args: Buffer[]): void {
    const words = args.slice(0, 3).map((arg) => arg.toString('latin1').toUpperCase());
    const reply = words[0] === 'CLIENT' && words[1] === 'REPLY' ? words[2] : undefined;
    if (reply === 'ON') this.#muted = false;
    else if (reply === 'OFF') this.#muted = true;
    else if (reply === 'SKIP') this.#skipped = 2;
    const silent = this.#muted || this.#skipped > 0;
    this.#skipped = Math.max(0, this.#skipped - 1);
    if (!silent) this.#conversation.waiting.push({ args, sent: performance.now() });
  }

  #answered(reply: Reply): void {
    const { db } = this.#conversation.session;
    const { part, to } = this.#conversation.take(reply);
    if (part !== 'answer' && part !== 'first') return;
    // Logging in is no part of an answer, and its words are secret.
    if (['AUTH', 'HELLO'].includes(commandName(to.args))) return;
    this.#tell({ args: to.args, reply, client: this.#client, db, sent: to.sent });
  }
}
