import { randomBytes } from 'node:crypto';
import type { SeenCommand } from '../checks/evidence.ts';
import { Monitor, type MonitoredCommand } from '../redis/monitor.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/**
 * Sees what other clients run on the sandbox, by MONITOR: a learner may answer from redis-cli, a script
 * or a GUI. The engine and the prompt use the unix socket, which nobody else can reach.
 */
export class Witness {
  readonly #monitor: Monitor;
  readonly #awaited = new Map<string, () => void>();
  #listener: (seen: SeenCommand) => void = () => {};

  private constructor(monitor: Monitor) {
    this.#monitor = monitor;
  }

  static async start(sandbox: Sandbox): Promise<Witness> {
    const started: { witness?: Witness } = {};
    const monitor = await Monitor.start(sandbox.target, (command) => {
      if (started.witness) started.witness.#see(command);
    });
    started.witness = new Witness(monitor);
    return started.witness;
  }

  /** Hands what is seen from now on to `listener`, and to no earlier one. */
  report(listener: (seen: SeenCommand) => void): void {
    this.#listener = listener;
  }

  /** A word to send to the server; once it has been seen, so has all that came before it. */
  nonce(): string {
    return randomBytes(8).toString('hex');
  }

  caughtUpWith(nonce: string): Promise<void> {
    const seen = new Promise<void>((resolve) => this.#awaited.set(nonce, resolve));
    return Promise.race([seen, this.#monitor.lost.then(() => {})]).finally(() => this.#awaited.delete(nonce));
  }

  stop(): void {
    this.#monitor.stop();
  }

  #see({ args, client, db, time }: MonitoredCommand): void {
    if (client.startsWith('unix:')) {
      const nonce = args.at(-1)?.toString('latin1') ?? '';
      this.#awaited.get(nonce)?.();
      return;
    }
    // A script's own calls: the EVAL that made them has been seen already.
    if (client === 'lua') return;
    this.#listener({ args, by: 'other', client, db, time });
  }
}
