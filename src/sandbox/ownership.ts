import type { Command, EngineClient } from '../redis/engine-client.ts';
import type { Reply } from '../redis/reply.ts';
import { isBoundedUser } from './bounded-user.ts';
import { lifeOf, type Owner, ourselves } from './owner.ts';
import { atLeast } from './version.ts';

/**
 * The one key of our own in a database of a server that the user named. It says who works there, until
 * when that holds unless it is renewed, as which user, and the names of all keys that we made: so a later start
 * can clean up after a crash without touching what another program has put there. Snapshots leave it out; the
 * learner's own KEYS and DBSIZE show it.
 */
export const MARK = 'rediscover:ours';
/** Never there; touched where a transaction that watches it must not run. */
const VETO = 'rediscover:veto';

/** Milliseconds a mark holds without being renewed; decides only where its owner is on another machine. */
const LEASE = 60_000;
const RENEWAL = 15_000;
/** Fields of the mark that name keys begin so: ours, and those of other programs. */
const OURS = 'key:';
const THEIRS = 'not:';

/** Why a database can't be had. `kept`: its keys are not ours. */
export type Occupied = { by: 'another' } | { by: 'keys'; count: number };

/**
 * Compares the names that there are with those that the mark knows. KEYS: the mark. ARGV: whose the new ones
 * are; then owner, user, how many names may be new as ours (-1: any) and these names, and what is known to be theirs, for
 * a mark that a command of the learner's has removed. Reply: the names that are not ours.
 */
const LOOK = `
local mark, whose, count = KEYS[1], ARGV[1], tonumber(ARGV[4])
local named = {}
for at = 5, 4 + count do named[ARGV[at]] = true end
if redis.call('TYPE', mark).ok ~= 'hash' then
  redis.call('DEL', mark)
  redis.call('HSET', mark, 'owner', ARGV[2], 'user', ARGV[3])
  for at = 5 + math.max(count, 0), #ARGV do redis.call('HSET', mark, '${THEIRS}' .. ARGV[at], '') end
end
local there = {}
for _, name in ipairs(redis.call('KEYS', '*')) do
  there[name] = (count < 0 or named[name]) and whose or '${THEIRS}'
end
there[mark] = nil
local known = {}
for _, field in ipairs(redis.call('HKEYS', mark)) do
  local kind, name = field:sub(1, 4), field:sub(5)
  if kind == '${OURS}' or kind == '${THEIRS}' then
    if there[name] then
      there[name], known[name] = kind, true
    else
      redis.call('HDEL', mark, field)
    end
  end
end
local theirs = {}
for name, kind in pairs(there) do
  if not known[name] then redis.call('HSET', mark, kind .. name, '') end
  if kind == '${THEIRS}' then theirs[#theirs + 1] = name end
end
return theirs
`;

/**
 * Removes what is ours. KEYS: the mark, the veto. ARGV: names about to be written; where one of them is not ours,
 * the veto is touched.
 */
const CLEAR = `
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if field:sub(1, 4) == '${OURS}' then
    redis.call('DEL', field:sub(5))
    redis.call('HDEL', KEYS[1], field)
  end
end
for _, name in ipairs(ARGV) do
  if name ~= KEYS[1] and redis.call('EXISTS', name) == 1 then
    redis.call('SET', KEYS[2], '')
    redis.call('DEL', KEYS[2])
    return
  end
end
`;

/** Says that nobody works there any more, if that was us. KEYS: the mark. ARGV: the owner. */
const ABANDON = `
if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then
  redis.call('HSET', KEYS[1], 'owner', '{}', 'until', '0')
end
`;

/**
 * The keys of a named database that we made. Which those are is found by comparing: right before and right
 * behind each command of ours a script looks at all names, on the same connection and in the same round trip. What has
 * come in between is ours, by whatever way it was made, where a line names it or runs a script; all else is another
 * program's, and stays. What comes under a name that is ours already cannot be told apart, and goes.
 */
export class Ownership {
  readonly #send: EngineClient['send'];
  readonly #user: string;
  readonly #owner = JSON.stringify(ourselves());
  /** Before 7.0 scripts have no flags; since then ours may note what is there in a full memory too. */
  readonly #flags: string;
  #theirs = new Set<string>();
  #renewal: NodeJS.Timeout | undefined;

  private constructor(send: EngineClient['send'], user: string, version: string) {
    this.#send = send;
    this.#user = user;
    this.#flags = atLeast(version, '7.0') ? '#!lua flags=allow-oom\n' : '';
  }

  /**
   * Marks the database that `send` works in as ours, if it is empty but for what a crashed run of ours
   * left: that is removed, and its user too. `user` is who acts there. `send` must have its connection for itself
   * until then.
   */
  static async take(
    send: EngineClient['send'],
    { user, version }: { user: string; version: string },
  ): Promise<Ownership | Occupied> {
    for (;;) {
      const [, mark, size, there, clock] = await Promise.all([
        send(['WATCH', MARK]),
        send(['HGETALL', MARK]),
        send(['DBSIZE']),
        send(['EXISTS', MARK]),
        send(['TIME']),
      ]);
      const failed = [mark, size, there, clock].find(isFailure);
      if (failed) throw new Error(textOf(failed));
      const fields = pairsOf(mark);
      // Somebody's own key of that name.
      if (mark.type === 'error' || (fields.length > 0 && !isMark(fields))) {
        await send(['UNWATCH']);
        return { by: 'keys', count: Number(textOf(size)) };
      }
      const now = timeOf(clock);
      const left = fields
        .filter(([field]) => field.toString().startsWith(OURS))
        .map(([field]) => field.subarray(OURS.length));
      if (fields.length > 0 && !isAbandoned(fields, now)) {
        await send(['UNWATCH']);
        return { by: 'another' };
      }
      const stale = fieldOf(fields, 'user');
      // Of a run that is over in any case. Where that may not be done, it could not have been made either.
      if (stale !== undefined && isBoundedUser(stale)) await send(['ACL', 'DELUSER', stale]);
      const existing = Number(textOf(there)) + (left.length > 0 ? await count(send, left) : 0);
      const foreign = Number(textOf(size)) - existing;
      if (foreign > 0) {
        await send(['UNWATCH']);
        return { by: 'keys', count: foreign };
      }
      const ours = new Ownership(send, user, version);
      const done = await transaction(send, [['DEL', MARK, ...left], ours.#head(now)]);
      // Someone else marked it in between: look again.
      if (!done) continue;
      ours.#renewal = setInterval(() => void ours.#renew().catch(() => {}), RENEWAL);
      ours.#renewal.unref();
      return ours;
    }
  }

  /** What was there, and not ours, when last looked at: names as latin1. */
  get theirs(): ReadonlySet<string> {
    return this.#theirs;
  }

  /**
   * The command that looks at all names: what is new is theirs, before a command of ours, and ours behind it; of `names`
   * alone, where it can have made no other.
   */
  look(whose: 'theirs' | 'ours', names?: readonly Buffer[]): Command {
    const kind = whose === 'ours' ? OURS : THEIRS;
    const known = [...this.#theirs].map((name) => Buffer.from(name, 'latin1'));
    const made = [String(names?.length ?? -1), ...(names ?? [])];
    return ['EVAL', this.#flags + LOOK, '1', MARK, kind, this.#owner, this.#user, ...made, ...known];
  }

  /** Takes in the reply to `look`. */
  saw(reply: Reply | undefined): void {
    if (reply?.type === 'array') this.#theirs = new Set(reply.items.map(latin1));
  }

  /**
   * Commands that remove what is ours. A transaction right behind them does not run where one of the `names`
   * is another program's.
   */
  clearing(names: Buffer[] = []): Command[] {
    return [
      ['WATCH', VETO],
      ['EVAL', this.#flags + CLEAR, '2', MARK, VETO, ...names],
    ];
  }

  /** Takes the names as they are: somebody knows that they are ours. */
  async adopt(names: Buffer[]): Promise<void> {
    if (names.length === 0) return;
    const field = (kind: string, name: Buffer) => Buffer.concat([Buffer.from(kind), name]);
    await transaction(this.#send, [
      ['HDEL', MARK, ...names.map((name) => field(THEIRS, name))],
      ['HSET', MARK, ...names.flatMap((name) => [field(OURS, name), ''])],
    ]);
    for (const name of names) this.#theirs.delete(name.toString('latin1'));
  }

  /** Removes all keys that are ours, and the mark. */
  async leave(): Promise<void> {
    clearInterval(this.#renewal);
    this.#renewal = undefined;
    await Promise.all([...this.clearing(), ['UNWATCH'], ['DEL', MARK]].map((command) => this.#send(command)));
  }

  /** Says, over another connection as ours is lost, that nobody works there any more: the next start cleans up. */
  async abandon(send: EngineClient['send']): Promise<void> {
    clearInterval(this.#renewal);
    this.#renewal = undefined;
    await send(['EVAL', ABANDON, '1', MARK, this.#owner]);
  }

  async #renew(): Promise<void> {
    const now = timeOf(await this.#send(['TIME']));
    if (this.#renewal) await this.#send(this.#head(now));
  }

  #head(now: number): Command {
    return ['HSET', MARK, 'owner', this.#owner, 'until', String(now + LEASE), 'user', this.#user];
  }
}

/** Whether a server cannot tell what it was asked; that a key is of another type it has told. */
function isFailure(reply: Reply): boolean {
  return reply.type === 'error' && !textOf(reply).startsWith('WRONGTYPE');
}

/** Whether it has what we write into it, however damaged: an owner, or until when. */
function isMark(fields: [Buffer, Buffer][]): boolean {
  return /^\{.*\}$/s.test(fieldOf(fields, 'owner') ?? '') || /^\d+$/.test(fieldOf(fields, 'until') ?? '');
}

function isAbandoned(fields: [Buffer, Buffer][], now: number): boolean {
  try {
    const life = lifeOf(JSON.parse(fieldOf(fields, 'owner') ?? '') as Owner);
    if (life !== 'unknown') return life === 'dead';
  } catch {
    // Not written by us, or damaged: its time decides.
  }
  return Number(fieldOf(fields, 'until') ?? 0) < now;
}

function fieldOf(fields: [Buffer, Buffer][], name: string): string | undefined {
  return fields.find(([field]) => field.toString() === name)?.[1].toString();
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
  const reply = await send(['EXISTS', ...names]);
  if (reply.type === 'error') throw new Error(textOf(reply));
  return Number(textOf(reply));
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

function latin1(reply: Reply): string {
  return 'bytes' in reply ? reply.bytes.toString('latin1') : '';
}

function textOf(reply: Reply): string {
  if ('text' in reply) return reply.text;
  return 'bytes' in reply ? reply.bytes.toString() : '';
}
