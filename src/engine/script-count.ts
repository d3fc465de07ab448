import type { SeenCommand } from '../checks/evidence/evidence.ts';
import { runsOthers } from '../checks/evidence/script-calls.ts';
import { COMMAND_STATS, callsBetween } from '../redis/command-stats.ts';
import type { EngineClient } from '../redis/engine-client.ts';
import type { HeldCommand } from '../redis/gate.ts';
import type { Relay } from '../redis/relay.ts';
import type { Reply } from '../redis/reply.ts';

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

  /** Holds a relay's scripts, and what comes behind one, until the server has been asked. */
  watch(relay: Relay): void {
    relay.holds = (args) => this.#open.size > 0 || runsOthers(nameOf(args)) || nameOf(args) === 'EXEC';
    relay.gate = (held) => this.#hold(held);
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

  async #hold({ client, args, inTransaction }: HeldCommand): Promise<'forward'> {
    await this.settle();
    const name = nameOf(args);
    if (inTransaction && runsOthers(name)) this.#queued.add(client);
    const counted = inTransaction ? name === 'EXEC' && this.#queued.delete(client) : runsOthers(name);
    if (counted) this.#open.set(client, { before: await this.#count() });
    return 'forward';
  }

  #count(): Promise<Reply> {
    return this.#engine().send(COMMAND_STATS);
  }
}

function nameOf([name]: readonly Buffer[]): string {
  return name?.toString('latin1').toUpperCase() ?? '';
}
