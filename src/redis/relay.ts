import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { dial } from './dial.ts';
import type { Gate } from './gate.ts';
import { RelayedClient, type RelayHooks, type Traffic } from './relayed-client.ts';
import type { RelayedCommand, RelayedMessage } from './tap.ts';
import { CONNECT_TIMEOUT, type Target } from './target.ts';

export type { RelayedCommand } from './tap.ts';

/** Milliseconds that a server may take to take note that a client is gone. */
const PARTING = 1000;

/**
 * Passes clients on to a server, byte by byte, and reads along: each command with its reply is told as soon as
 * the reply is there, before the client itself gets it. Logging in is the clients' own business, and not told.
 */
export class Relay implements RelayHooks {
  /** Gets every command that was answered by the server. Must not throw. */
  onCommand: (command: RelayedCommand) => void = () => {};
  /** Gets every message, push and confirmation, in order with the commands. Must not throw. */
  onMessage: (message: RelayedMessage) => void = () => {};
  /** Where set, decides what becomes of each command; one that it was asked about waits for its decision. */
  gate: Gate | undefined;
  /** Which commands the gate is asked about; all where absent. */
  holds: ((args: readonly Buffer[]) => boolean) | undefined;
  /** Gets what a gate threw; the client whose command it was asked about has lost its connection then. */
  onGateError: (error: unknown) => void = () => {};
  readonly traffic: Traffic = { received: 0, bursts: 0, delivered: 0, clients: 0 };
  /** Hears of each piece in which bytes of clients come, by its number. Must not throw. */
  onBurst: ((burst: number) => void) | undefined;
  readonly #target: Target;
  #server: Server;
  /** Where it listens. */
  #at: ListenOptions = {};
  readonly #open = new Set<Socket>();
  /** Those of them that lead to the server. */
  readonly #servers = new Set<Socket>();
  readonly #relayed = new Set<RelayedClient>();
  #clients = 0;

  private constructor(target: Target) {
    this.#target = target;
    this.#server = this.#newServer();
  }

  /** Listens at a host and port (0: one that is free), or a path. Rejects with the error of `listen`. */
  static async listen(target: Target, at: ListenOptions): Promise<Relay> {
    const relay = new Relay(target);
    relay.#at = at;
    await relay.#listen();
    return relay;
  }

  /** Whether it can be connected to: from now on it listens, or does not. Clients that are there stay. */
  async reach(reachable: boolean): Promise<void> {
    if (reachable === this.#server.listening) return;
    if (!reachable) {
      this.#server.close();
      return;
    }
    this.#server = this.#newServer();
    await this.#listen();
  }

  /** The port where it listens; 0 where that is a path. */
  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  /** How many clients wait for the server to answer what was passed on. */
  get waiting(): number {
    return [...this.#relayed].filter(({ waits }) => waits).length;
  }

  /** Ends the clients that are there; resolves once the server knows of none any more, or answers nobody. */
  async cut(): Promise<void> {
    const gone = [...this.#servers].map((server) => {
      const late = setTimeout(() => server.destroy(), PARTING);
      return new Promise((resolve) => server.once('close', resolve)).finally(() => clearTimeout(late));
    });
    for (const socket of this.#open) if (!this.#servers.has(socket)) socket.destroy();
    await Promise.all(gone);
  }

  /** Ends every connection at once. Safe to call twice. */
  close(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  #newServer(): Server {
    const server = createServer({ allowHalfOpen: true }, (client) => void this.#pass(client, this.#target));
    // While nobody uses it, it does not keep the program running.
    return server.unref();
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#at, resolve);
    });
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
    this.#servers.add(server);
    server.on('close', () => this.#servers.delete(server));
    // It left, or we were closed, while the server was dialled.
    if (client.destroyed) server.destroy();
    const relayed = new RelayedClient(`relay:${++this.#clients}`, client, server, this);
    this.#relayed.add(relayed);
    client.on('close', () => {
      this.#relayed.delete(relayed);
      server.end();
    });
    // What the server said last is still on its way to the client.
    server.on('close', () => client.destroySoon());
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.unref();
    socket.on('error', () => {});
    socket.on('close', () => this.#open.delete(socket));
  }
}
