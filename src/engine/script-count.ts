import type { SeenCommand } from '../checks/evidence/evidence.ts';
import { runsScript } from '../redis/command-facts.ts';
import { callsBetween } from '../redis/command-stats.ts';
import type { EngineClient } from '../redis/engine-client.ts';
import type { HeldCommand } from '../redis/gate.ts';
import type { Reply } from '../redis/reply.ts';
import { commandName } from '../redis/session.ts';

/** Counts what the scripts of a relay's clients run, by asking the server before and after. */
export class ScriptCount {
  readonly #engine: () => EngineClient;
  /** By client: what the server had counted before its script, and the script once it is answered. */
  readonly #open = new Map<string, { before: Reply; script?: SeenCommand }>();
  /** Clients in whose transaction a script waits. */
  readonly #queued = new Set<string>();

  constructor(engine: () => EngineClient) {
    this.#engine = engine;
  }

  /** Whether a command is to be held until the server has been asked: a script, and what comes behind one. */
  holds(args: readonly Buffer[]): boolean {
    return this.#open.size > 0 || runsScript(args) || commandName(args) === 'EXEC';
  }

  /** A command of the relay was answered. */
  answered(command: SeenCommand): void {
    const open = this.#open.get(command.client);
    if (open && !open.script) open.script = command;
  }

  /** Tells the scripts that were answered what they ran. */
  async settle(): Promise<void> {
    for (const [client, { before, script }] of this.#open) {
      if (!script) continue;
      this.#open.delete(client);
      script.ran = callsBetween(before, await this.#count());
    }
  }

  /** Asks, before a command that is held goes on. */
  async before({ client, args, inTransaction }: HeldCommand): Promise<void> {
    await this.settle();
    if (inTransaction && runsScript(args)) this.#queued.add(client);
    const counted = inTransaction
      ? commandName(args) === 'EXEC' && this.#queued.delete(client)
      : runsScript(args);
    if (counted) this.#open.set(client, { before: await this.#count() });
  }

  #count(): Promise<Reply> {
    return this.#engine().commandStats();
  }
}
