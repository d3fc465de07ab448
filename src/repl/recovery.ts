import type { Sandbox } from '../sandbox/sandbox.ts';
import { withoutSnapshots } from './listening.ts';
import type { Prompt } from './prompt.ts';
import type { Screen } from './screen.ts';

export interface RecoveryParts {
  sandbox: Sandbox;
  /** Opens another one when the first was lost. Rejects with NoRedis. */
  reopen: () => Promise<Sandbox>;
  /** Puts what there was into the new one. */
  restore: (sandbox: Sandbox) => Promise<void>;
  prompt: Prompt;
  screen: Screen;
}

/** The sandbox in use: when its server is lost, another one takes its place, once at a time. */
export class Recovery {
  readonly #parts: RecoveryParts;
  #sandbox: Sandbox;
  #underWay: Promise<void> | undefined;
  /** Rejects when a lost server can't be replaced. */
  readonly fatal: Promise<never>;
  #fail: (error: unknown) => void = () => {};

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
    this.#sandbox = parts.sandbox;
    this.fatal = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    this.fatal.catch(() => {});
    this.#adopt(parts.sandbox);
  }

  get sandbox(): Sandbox {
    return this.#sandbox;
  }

  /** What to wait for before the sandbox is used; undefined while all is well. */
  get underWay(): Promise<void> | undefined {
    return this.#underWay;
  }

  /** `redis> `, for the learner's connection as it is. */
  get label(): string {
    const { learner, db } = this.#sandbox;
    return this.#parts.screen.promptLabel(learner.db === db ? 0 : learner.db, learner.inTransaction);
  }

  /** Starts another server, puts the keys back as they were last seen, and goes on. */
  begin(reason: string): Promise<void> {
    this.#underWay ??= this.#replace(reason).finally(() => {
      this.#underWay = undefined;
    });
    this.#underWay.catch(this.#fail);
    return this.#underWay;
  }

  #adopt(sandbox: Sandbox): void {
    this.#sandbox = sandbox;
    void sandbox.lost.then((reason) => {
      if (this.#sandbox === sandbox) return this.begin(reason);
    });
    this.hear();
  }

  /** Shows what comes in unasked on the learner's connection, which is another one after `reconnect`. */
  hear(): void {
    const { prompt, screen } = this.#parts;
    this.#sandbox.learner.onMessage = withoutSnapshots((reply) =>
      prompt.above(() => screen.reply([], reply)),
    );
  }

  async #replace(reason: string): Promise<void> {
    const { prompt, reopen, restore, screen } = this.#parts;
    const { warn } = screen.theme;
    const lost = this.#sandbox;
    const { inTransaction, subscribed, monitoring, db } = lost.learner;
    prompt.above(() => screen.line(screen.wrapped(`Redis is gone: ${reason}.`, { style: warn })));
    const sandbox = await reopen();
    await restore(sandbox);
    this.#adopt(sandbox);
    await lost.close().catch(() => {});
    prompt.relabel(this.label);
    prompt.above(() => {
      screen.note(`${sandbox.description}: another one, with your keys as they were.`);
      if (lost.relay) screen.note('Other clients: .url shows the new address.');
      if (inTransaction) screen.note('Your transaction did not run: begin again with MULTI.');
      if (subscribed || monitoring) screen.note(`${monitoring ? 'MONITOR' : 'Your subscription'} has ended.`);
      if (db !== lost.db) screen.note(`Database ${db} is lost: only the one of the exercise is kept.`);
    });
  }
}
