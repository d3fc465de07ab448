/** What the checks must know of commands: which keys one names, and whether it may write. Names in capitals. */

const words = (text: string) => new Set(text.trim().split(/\s+/));

const READ_ONLY = words(`
  GET MGET GETRANGE SUBSTR STRLEN GETBIT BITCOUNT BITPOS BITFIELD_RO LCS DIGEST
  EXISTS TYPE TTL PTTL EXPIRETIME PEXPIRETIME KEYS SCAN RANDOMKEY DBSIZE DUMP OBJECT TOUCH SORT_RO
  LRANGE LINDEX LLEN LPOS
  HGET HMGET HGETALL HKEYS HVALS HLEN HEXISTS HSTRLEN HSCAN HRANDFIELD HTTL HPTTL HEXPIRETIME HPEXPIRETIME
  SMEMBERS SISMEMBER SMISMEMBER SCARD SRANDMEMBER SINTER SUNION SDIFF SINTERCARD SSCAN
  ZRANGE ZREVRANGE ZRANGEBYSCORE ZREVRANGEBYSCORE ZRANGEBYLEX ZREVRANGEBYLEX ZRANK ZREVRANK ZSCORE ZMSCORE
  ZCARD ZCOUNT ZLEXCOUNT ZSCAN ZRANDMEMBER ZINTER ZUNION ZDIFF ZINTERCARD
  XRANGE XREVRANGE XLEN XREAD XPENDING XINFO
  PFCOUNT GEOPOS GEODIST GEOHASH GEOSEARCH GEORADIUS_RO GEORADIUSBYMEMBER_RO
  EVAL_RO EVALSHA_RO FCALL_RO
  WATCH UNWATCH MULTI EXEC DISCARD PING ECHO SELECT AUTH HELLO CLIENT COMMAND CONFIG INFO TIME MEMORY DEBUG
  MONITOR SUBSCRIBE UNSUBSCRIBE PSUBSCRIBE PUNSUBSCRIBE SSUBSCRIBE SUNSUBSCRIBE PUBLISH SPUBLISH PUBSUB
  WAIT WAITAOF ROLE LASTSAVE SAVE BGSAVE BGREWRITEAOF SLOWLOG LATENCY ACL SCRIPT FUNCTION LOLWUT QUIT RESET CLUSTER
`);

const ALL_KEYS = words(`
  DEL UNLINK TOUCH EXISTS WATCH MGET SUNION SINTER SDIFF SUNIONSTORE SINTERSTORE SDIFFSTORE PFMERGE PFCOUNT
`);
const TWO_KEYS = words(`
  RENAME RENAMENX COPY SMOVE LMOVE BLMOVE RPOPLPUSH BRPOPLPUSH ZRANGESTORE GEOSEARCHSTORE LCS
`);
const ALL_BUT_LAST = words('BLPOP BRPOP BZPOPMIN BZPOPMAX');
const PAIRS = words('MSET MSETNX');
/** `numkeys` stands first. */
const COUNTED = words('LMPOP ZMPOP ZUNION ZINTER ZDIFF SINTERCARD ZINTERCARD MSETEX');
/** `numkeys` stands second, after what is not a key. */
const COUNTED_SECOND = words('EVAL EVALSHA EVAL_RO EVALSHA_RO FCALL FCALL_RO BLMPOP BZMPOP');
const COUNTED_AFTER_TARGET = words('ZUNIONSTORE ZINTERSTORE ZDIFFSTORE');
const SECOND = words('OBJECT BITOP XGROUP XINFO MEMORY DEBUG');
const NO_KEYS = words(`
  MULTI EXEC DISCARD PING ECHO SELECT AUTH HELLO CLIENT COMMAND CONFIG INFO TIME FLUSHALL FLUSHDB SWAPDB KEYS SCAN
  SUBSCRIBE PSUBSCRIBE PUBLISH SCRIPT FUNCTION PUBSUB
`);

export const SCRIPTS = words('EVAL EVALSHA EVAL_RO EVALSHA_RO FCALL FCALL_RO');

/** Whether the command may change data. An unknown one may, and a script that calls more than reading ones by name. */
export function writes(args: readonly Buffer[]): boolean {
  const name = commandName(args);
  if (name !== 'EVAL') return !READ_ONLY.has(name);
  const script = args[1]?.toString('latin1') ?? '';
  const called = [...script.matchAll(/\bp?call\s*\(\s*(["'])(\w+)\1|\bp?call\b/g)].map(
    ([, , word]) => word ?? '',
  );
  return called.length === 0 || called.some((word) => !READ_ONLY.has(word.toUpperCase()));
}

export function commandName(args: readonly Buffer[]): string {
  return args[0]?.toString().toUpperCase() ?? '';
}

/**
 * The keys that a command names, read or written. Of an unknown one, its first argument. Of a script all texts in
 * quotes and all arguments too: not everybody declares the keys.
 */
export function keysOf(args: readonly Buffer[]): Buffer[] {
  const name = commandName(args);
  const rest = args.slice(1);
  if (NO_KEYS.has(name)) return [];
  if (ALL_KEYS.has(name)) return rest;
  if (TWO_KEYS.has(name)) return rest.slice(0, 2);
  if (ALL_BUT_LAST.has(name)) return rest.slice(0, -1);
  if (PAIRS.has(name)) return rest.filter((_, index) => index % 2 === 0);
  if (COUNTED.has(name)) return name === 'MSETEX' ? pairsCounted(rest) : counted(rest, 0);
  if (name === 'EVAL') return [...rest.slice(2), ...quotedIn(rest[0])];
  if (COUNTED_SECOND.has(name)) return counted(rest, 1);
  if (COUNTED_AFTER_TARGET.has(name)) return [...rest.slice(0, 1), ...counted(rest, 1)];
  if (name === 'BITOP') return rest.slice(1);
  if (SECOND.has(name)) return rest.slice(1, 2);
  if (name === 'XREAD' || name === 'XREADGROUP') return streams(rest);
  if (name === 'SORT' || name.startsWith('GEORADIUS')) return [...rest.slice(0, 1), ...stored(rest)];
  return rest.slice(0, 1);
}

function counted(rest: Buffer[], at: number): Buffer[] {
  const n = Number(rest[at]?.toString());
  return Number.isInteger(n) && n > 0 ? rest.slice(at + 1, at + 1 + n) : [];
}

function quotedIn(script: Buffer | undefined): Buffer[] {
  const texts = script?.toString('latin1').matchAll(/(["'])(.*?)\1/g) ?? [];
  return [...texts].map(([, , text]) => Buffer.from(text!, 'latin1'));
}

function pairsCounted(rest: Buffer[]): Buffer[] {
  const n = Number(rest[0]?.toString());
  return Number.isInteger(n) && n > 0 ? rest.slice(1, 1 + 2 * n).filter((_, index) => index % 2 === 0) : [];
}

function streams(rest: Buffer[]): Buffer[] {
  const at = rest.findIndex((arg) => arg.toString().toUpperCase() === 'STREAMS');
  const named = rest.slice(at + 1);
  return at < 0 ? [] : named.slice(0, Math.ceil(named.length / 2));
}

function stored(rest: Buffer[]): Buffer[] {
  const at = rest.findIndex((arg) => /^store(dist)?$/i.test(arg.toString()));
  return at < 0 ? [] : rest.slice(at + 1, at + 2);
}
