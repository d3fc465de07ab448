/** They turn the connection into something else, or end it; many of them cannot be taken back. */
const CONNECTION = new Set(
  `QUIT RESET AUTH HELLO SELECT MULTI EXEC DISCARD WATCH SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE
  SUNSUBSCRIBE MONITOR CLIENT READONLY READWRITE ASKING SYNC PSYNC REPLCONF`.split(/\s+/),
);
const WAITING = new Set(
  'BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF'.split(' '),
);

/**
 * Why a command, as split into words, is none that builds a given state; undefined where it may be one. Given states are
 * data: they are built by the engine's own connection, which must serve on and may not be kept waiting.
 */
export function unfitForGiven(words: readonly string[]): string | undefined {
  const [name = '', ...rest] = words.map((word) => word.toUpperCase());
  if (CONNECTION.has(name)) return `${name} acts on the connection, and a given state is data alone`;
  if (WAITING.has(name) || (/^XREAD(GROUP)?$/.test(name) && rest.includes('BLOCK')))
    return `${name} may wait for ever, and a given state is there at once`;
  return undefined;
}
