import type { EngineClient } from '../redis/engine-client.ts';
import type { Reply } from '../redis/reply.ts';
import { lifeOf, type Owner, ourselves } from './owner.ts';

/**
 * The one key of our own in a database of a server that the user named. It says who works there, until
 * when that holds unless it is renewed, and the names of all keys that we made: so a later start can
 * clean up after a crash without touching what another program has put there. Snapshots leave it out; the
 * learner's own KEYS and DBSIZE show it.
 */
export const MARK = 'rediscover:ours';

/** Milliseconds a mark holds without being renewed; decides only where its owner is on another machine. */
const LEASE = 60_000;
const RENEWAL = 15_000;
/** Fields of the mark that name keys begin so; the others are `owner` and `until`. */
const KEY = 'key:';

/** Why a database can't be had. `kept`: its keys are not ours. */
export type Occupied = { by: 'another' } | { by: 'keys'; count: number };

/**
 * The keys of a named database that we made. A name is ours from the moment that a command of a lesson or
 * of the learner is about to write it and it does not exist: what another program wrote before stays
 * theirs. What another program puts under a name that is ours already cannot be told apart, and goes.
 */
export class Ours {
  readonly #send: EngineClient['send'];
  readonly #names = new Map<string, Buffer>();
  #renewal: NodeJS.Timeout | undefined;

  private constructor(send: EngineClient['send']) {
    this.#send = send;
  }

  /**
   * Marks the database that `send` works in as ours, if it is empty but for what a crashed run of ours
   * left: that is removed. `send` must have its connection for itself until then.
   */
  static async mark(send: EngineClient['send']): Promise<Ours | Occupied> {
    for (;;) {
      await send(['WATCH', MARK]);
      const [mark, size, clock] = await Promise.all([
        send(['HGETALL', MARK]),
        send(['DBSIZE']),
        send(['TIME']),
      ]);
      const fields = pairsOf(mark);
      const now = timeOf(clock);
      const left = fields
        .filter(([field]) => field.toString().startsWith(KEY))
        .map(([field]) => field.subarray(KEY.length));
      if (fields.length > 0 && !isAbandoned(fields, now)) {
        await send(['UNWATCH']);
        return { by: 'another' };
      }
      const existing = await count(send, [Buffer.from(MARK), ...left]);
      const foreign = Number(textOf(size)) - existing;
      if (foreign > 0) {
        await send(['UNWATCH']);
        return { by: 'keys', count: foreign };
      }
      const done = await transaction(send, [
        ['DEL', MARK, ...left],
        ['HSET', MARK, 'owner', JSON.stringify(ourselves()), 'until', String(now + LEASE)],
      ]);
      // Someone else marked it in between: look again.
      if (!done) continue;
      const ours = new Ours(send);
      ours.#renewal = setInterval(() => void ours.#renew().catch(() => {}), RENEWAL);
      ours.#renewal.unref();
      return ours;
    }
  }

  has(name: Buffer): boolean {
    return this.#names.has(name.toString('latin1'));
  }

  /** Takes those of the names that do not exist; answers those that do and are not ours. */
  async claim(names: Buffer[]): Promise<Buffer[]> {
    const unknown = names.filter((name) => !this.has(name));
    if (unknown.length === 0) return [];
    const exists = await Promise.all(
      unknown.map(async (name) => textOf(await this.#send(['EXISTS', name])) !== '0'),
    );
    const fresh = unknown.filter((_, index) => !exists[index]);
    // Written down before the key is made: a crash in between leaves nothing unknown.
    await this.adopt(fresh);
    return unknown.filter((_, index) => exists[index]);
  }

  /** Takes the names as they are: somebody knows that they are ours. */
  async adopt(names: Buffer[]): Promise<void> {
    const fresh = names.filter((name) => !this.has(name));
    if (fresh.length === 0) return;
    const fields = fresh.flatMap((name) => [Buffer.concat([Buffer.from(KEY), name]), '']);
    await this.#send(['HSET', MARK, ...fields]);
    for (const name of fresh) this.#names.set(name.toString('latin1'), name);
  }

  /** Removes all keys that are ours; the mark stays. */
  async clear(): Promise<void> {
    const names = [...this.#names.values()];
    if (names.length === 0) return;
    await transaction(this.#send, [
      ['DEL', ...names],
      ['HDEL', MARK, ...names.map((name) => Buffer.concat([Buffer.from(KEY), name]))],
    ]);
    this.#names.clear();
  }

  /** Removes all keys that are ours, and the mark. */
  async leave(): Promise<void> {
    clearInterval(this.#renewal);
    await this.clear();
    await this.#send(['DEL', MARK]);
  }

  /** Says, over another connection as ours is lost, that nobody works there any more: the next start cleans up. */
  async abandon(send: EngineClient['send']): Promise<void> {
    clearInterval(this.#renewal);
    if (textOf(await send(['HGET', MARK, 'owner'])) !== JSON.stringify(ourselves())) return;
    await send(['HSET', MARK, 'owner', '{}', 'until', '0']);
  }

  async #renew(): Promise<void> {
    const now = timeOf(await this.#send(['TIME']));
    await this.#send(['HSET', MARK, 'until', String(now + LEASE)]);
  }
}

function isAbandoned(fields: [Buffer, Buffer][], now: number): boolean {
  const value = (name: string) => fields.find(([field]) => field.toString() === name)?.[1].toString();
  try {
    const life = lifeOf(JSON.parse(value('owner') ?? '') as Owner);
    if (life !== 'unknown') return life === 'dead';
  } catch {
    // Not written by us, or damaged: its time decides.
  }
  return Number(value('until') ?? 0) < now;
}

/** False where a watched key was changed in between. */
async function transaction(send: EngineClient['send'], commands: (string | Buffer)[][]): Promise<boolean> {
  const replies = await Promise.all([['MULTI'], ...commands, ['EXEC']].map((command) => send(command)));
  const last = replies.at(-1)!;
  // What was refused while it was queued says more than EXEC, which then answers EXECABORT.
  const failed = [...replies, ...(last.type === 'array' ? last.items : [])].find(
    (reply) => reply.type === 'error',
  );
  if (failed) throw new Error(textOf(failed));
  return last.type !== 'nil';
}

async function count(send: EngineClient['send'], names: Buffer[]): Promise<number> {
  return Number(textOf(await send(['EXISTS', ...names])));
}

function pairsOf(reply: Reply): [Buffer, Buffer][] {
  if (reply.type !== 'array') return [];
  const words = reply.items.map((item) => (item.type === 'bulk' ? item.bytes : Buffer.alloc(0)));
  return words.flatMap((word, index) =>
    index % 2 === 0 ? [[word, words[index + 1]!] as [Buffer, Buffer]] : [],
  );
}

function timeOf(reply: Reply): number {
  const [seconds] = reply.type === 'array' ? reply.items : [];
  return seconds ? Number(textOf(seconds)) * 1000 : 0;
}

function textOf(reply: Reply): string {
  if ('text' in reply) return reply.text;
  return 'bytes' in reply ? reply.bytes.toString() : '';
}
