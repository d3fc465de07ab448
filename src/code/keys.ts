import { globMatch } from '../course/pattern.ts';
import type { EngineClient } from '../redis/engine-client.ts';
import type { Explore } from './scenario.ts';
import type { KeyLine } from './schedule.ts';
import { plain } from './values.ts';

/** Every key with what it holds and what is left of its expiry, in ms; -1 where it has none. */
const LOOK = `local found = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  found[#found + 1] = key
  found[#found + 1] = redis.sha1hex(redis.call('DUMP', key))
  found[#found + 1] = redis.call('PTTL', key)
end
return found`;
/** So many ms are gone of every expiry. */
const AGE = `for _, key in ipairs(redis.call('KEYS', '*')) do
  local left = redis.call('PTTL', key)
  if left >= 0 and left <= tonumber(ARGV[1]) then redis.call('DEL', key)
  elseif left >= 0 then redis.call('PEXPIRE', key, left - ARGV[1]) end
end
for i = 1, #KEYS do redis.call('DEL', KEYS[i]) end`;
const STATE = `local found = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local type = redis.call('TYPE', key).ok
  local value = {}
  if type == 'string' then value = redis.call('GET', key)
  elseif type == 'list' then value = redis.call('LRANGE', key, 0, 9)
  elseif type == 'set' then value = redis.call('SMEMBERS', key) table.sort(value)
  elseif type == 'hash' then value = redis.call('HGETALL', key)
  elseif type == 'zset' then value = redis.call('ZRANGE', key, 0, 9, 'WITHSCORES') end
  found[#found + 1] = {key, type, value, redis.call('PTTL', key)}
end
return found`;

/** Ms by which an expiry may differ from what it was without anybody having touched it: the server's clock runs on. */
const DRIFT = 1000;
/** So many ms may pass until an expiry is seen, which is then told as it was set. */
const GRAIN = 50;

interface Seen {
  content: string;
  /** When it expires, in ms of the play's clock; undefined where it does not. */
  ends: number | undefined;
  /** Whoever made it; undefined for the scenario. */
  owner: string | undefined;
}

export interface Trespass {
  actor: string;
  owner: string;
  key: string;
  did: 'removed' | 'replaced' | 'expiry';
}

/** The keys of a play: whose they are, and how long they live. */
export class Keys {
  readonly #engine: EngineClient;
  readonly #owned: readonly string[];
  readonly #expires: readonly string[];
  #seen = new Map<string, Seen>();
  #now = 0;

  constructor(engine: EngineClient, { owned = [], expires = [] }: Explore = {}) {
    this.#engine = engine;
    this.#owned = owned;
    this.#expires = expires;
  }

  /** Those that may expire at any moment, as it was last looked. */
  get expiring(): string[] {
    return [...this.#seen]
      .filter(
        ([key, { ends }]) => ends !== undefined && this.#expires.some((pattern) => globMatch(pattern, key)),
      )
      .map(([key]) => key)
      .sort();
  }

  /** Looks what has changed, by this actor or by nobody. Answers what it did to a key that is another's alone. */
  async look(actor?: string): Promise<Trespass | undefined> {
    if (this.#owned.length === 0 && this.#expires.length === 0) return undefined;
    const found = plain(await this.#engine.send(['EVAL', LOOK, '0'])) as (string | number)[];
    const now = new Map<string, Seen>();
    let wrong: Trespass | undefined;
    for (let i = 0; i < found.length; i += 3) {
      const [key, content, left] = found.slice(i, i + 3) as [string, string, number];
      const before = this.#seen.get(key);
      const ends = this.#endOf(left, before?.ends);
      now.set(key, { content, ends, owner: before ? before.owner : actor });
      const did = before && difference(before, content, ends);
      if (did && actor) wrong ??= this.#trespass(actor, key, before, did);
      if (did === 'replaced' && wrong === undefined) now.get(key)!.owner = actor;
    }
    for (const [key, before] of this.#seen)
      if (!now.has(key) && actor) wrong ??= this.#trespass(actor, key, before, 'removed');
    this.#seen = now;
    return wrong;
  }

  #trespass(actor: string, key: string, { owner }: Seen, did: Trespass['did']): Trespass | undefined {
    const guarded = this.#owned.some((pattern) => globMatch(pattern, key));
    return guarded && owner !== undefined && owner !== actor ? { actor, owner, key, did } : undefined;
  }

  /** Once it is known, it stays: the server's clock, which runs on, makes no difference. */
  #endOf(left: number, before: number | undefined): number | undefined {
    if (left < 0) return undefined;
    const ends = this.#now + Math.ceil(left / GRAIN) * GRAIN;
    return before !== undefined && Math.abs(ends - before) <= DRIFT ? before : ends;
  }

  /** What is left of a key's expiry, in ms; undefined where it has none, or is not there. */
  async left(key: string): Promise<number | undefined> {
    const known = this.#seen.get(key)?.ends;
    if (known !== undefined) return known - this.#now;
    const left = Number(plain(await this.#engine.send(['PTTL', key])));
    return left < 0 ? undefined : Math.ceil(left / GRAIN) * GRAIN;
  }

  /** So many ms pass; `gone` are over by then. */
  async age(ms: number, gone: readonly string[]): Promise<void> {
    this.#now += ms;
    if (ms > 0 || gone.length > 0)
      await this.#engine.send(['EVAL', AGE, String(gone.length), ...gone, String(Math.round(ms))]);
  }

  async state(): Promise<KeyLine[]> {
    const found = plain(await this.#engine.send(['EVAL', STATE, '0'])) as [string, string, unknown, number][];
    return found
      .map(([key, type, value, left]): KeyLine => {
        const text = typeof value === 'string' ? JSON.stringify(value) : (value as string[]).join(' ');
        return { key, value: `${type} ${text}`, ...(left >= 0 && { pttl: left }) };
      })
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }
}

function difference(
  before: Seen,
  content: string,
  ends: number | undefined,
): 'replaced' | 'expiry' | undefined {
  if (before.content !== content) return 'replaced';
  if ((before.ends === undefined) !== (ends === undefined)) return 'expiry';
  if (ends !== undefined && Math.abs(ends - before.ends!) > DRIFT) return 'expiry';
  return undefined;
}
