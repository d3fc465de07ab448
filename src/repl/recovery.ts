import { NoRedis } from '../failure.ts';
import type { Reply } from '../redis/reply.ts';
import type { Served } from '../sandbox/plain.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Prompt } from './prompt.ts';
import type { Screen } from './screen.ts';

/** A sandbox, or a server of the user's to type at. */
type Redis = Served & Partial<Pick<Sandbox, 'db' | 'relay'>>;

export interface RecoveryParts<R extends Redis> {
  redis: R;
  prompt: Prompt;
  screen: Screen;
  /** The label of the prompt, for the learner's connection as it is. */
  label: () => string;
  /** Gets what comes in unasked on the learner's connection. */
  hear: (reply: Reply) => void;
  /** Settles with the reason when it is lost by itself. */
  lost: (redis: R) => Promise<string>;
  /** Connects to the same server anew. Rejects where that is gone. */
  reconnect: (redis: R) => Promise<void>;
  /** Opens another one. Rejects with NoRedis. */
  reopen: () => Promise<R>;
  /** Puts what there was into another one; without it, that begins empty. */
  restore?: (redis: R) => Promise<void>;
}

/**
 * The Redis in use. Where only the connection is lost, there is a new one; where a private server is, another takes its
 * place; where the user's own is, nothing can. Once at a time.
 */
export class Recovery<R extends Redis> {
  readonly #parts: RecoveryParts<R>;
  #redis: R;
  #underWay: Promise<void> | undefined;
  /** What is watched now: the end of what was in use before is no loss any more. */
  #watched: symbol | undefined;
  #over = false;
  /** Rejects with NoRedis when there is nothing to go on with. */
  readonly fatal: Promise<never>;
  #fail: (error: unknown) => void = () => {};

  constructor(parts: RecoveryParts<R>) {
    this.#parts = parts;
    this.#redis = parts.redis;
    this.fatal = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    this.fatal.catch(() => {});
    this.#watch();
  }

  get redis(): R {
    return this.#redis;
  }

  /** What to wait for before Redis is used; undefined while all is well. */
  get underWay(): Promise<void> | undefined {
    return this.#underWay;
  }

  /**
   * Gets the learner a connection again. Rejects with NoRedis. `reason` is why the last one was lost; `note` is what to
   * say where a new one to the same server will do.
   */
  begin(reason?: string, note = 'The server closed the connection; this is a new one.'): Promise<void> {
    this.#underWay ??= this.#recover(reason, note).finally(() => {
      this.#underWay = undefined;
    });
    this.#underWay.catch(this.#fail);
    return this.#underWay;
  }

  /** Shows what comes in unasked on the learner's connection, which is another one after `reconnect`. */
  hear(): void {
    this.#redis.learner.onMessage = this.#parts.hear;
  }

  /** We leave: what ends from now on is no loss. */
  end(): void {
    this.#over = true;
  }

  #watch(): void {
    const watch = Symbol();
    this.#watched = watch;
    void this.#parts.lost(this.#redis).then(async (reason) => {
      await this.#underWay?.catch(() => {});
      if (this.#watched === watch && !this.#over) this.begin(reason).catch(() => {});
    });
    this.hear();
  }

  async #recover(reason: string | undefined, note: string): Promise<void> {
    const { prompt, screen, reconnect, restore } = this.#parts;
    const lost = this.#redis;
    const { db, inTransaction, subscribed, monitoring } = lost.learner;
    const said: string[] = [];
    try {
      await reconnect(lost);
      if (lost.learner.db !== db) await lost.learner.send([Buffer.from('SELECT'), Buffer.from(String(db))]);
      said.push(note);
    } catch (cause) {
      await this.#replace(reason ?? (cause as Error).message, cause);
      said.push(`${this.#redis.description}: ${this.#what(lost)}.`);
      if (lost.relay) said.push('Other clients: .url shows the new address.');
    }
    this.#watch();
    if (inTransaction) said.push('Your transaction did not run: begin again with MULTI.');
    if (subscribed || monitoring) said.push(`${monitoring ? 'MONITOR' : 'Your subscription'} has ended.`);
    if (this.#redis !== lost && restore && db !== lost.db)
      said.push(`Database ${db} is lost: only the one of the exercise is kept.`);
    prompt.relabel(this.#parts.label());
    prompt.above(() => {
      for (const text of said) screen.note(text);
    });
  }

  /** Puts another one in place of the one that is gone; `cause` is why that can't be reached. */
  async #replace(reason: string, cause: unknown): Promise<void> {
    const { prompt, screen, reopen, restore } = this.#parts;
    const lost = this.#redis;
    if (lost.kind === 'private') {
      const gone = `Redis is gone${restore ? '' : ', and with it all that it held'}: ${reason}.`;
      prompt.above(() => screen.line(screen.wrapped(gone, { style: screen.theme.warn })));
    } else if (!restore) throw connectionLost(lost, reason, cause);
    // First: a database can be taken once what worked in it has gone.
    await lost.close().catch(() => {});
    let another: R;
    try {
      another = await reopen();
    } catch (error) {
      throw lost.kind === 'private' ? error : connectionLost(lost, reason, error);
    }
    await restore?.(another);
    this.#redis = another;
  }

  /** What there is instead of the one that was lost. */
  #what(lost: R): string {
    if (!this.#parts.restore) return 'another one, empty';
    return `${lost.kind === 'private' ? 'another one' : 'connected anew'}, with your keys as they were`;
  }
}

function connectionLost({ description }: Redis, reason: string, cause: unknown): NoRedis {
  const next = cause instanceof NoRedis ? cause.message : 'See rediscover doctor.';
  return new NoRedis(`The connection to ${description} is lost: ${reason}.`, { next, cause });
}
