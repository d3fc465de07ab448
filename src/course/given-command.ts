/** What is asked of commands here: see redis/command-facts.ts, which is not for a course to import. */
export interface GivenFacts {
  groupOf(args: readonly Buffer[]): string;
  mayBlock(args: readonly Buffer[]): boolean;
}

/** They turn the connection into something else, or end it; many of them cannot be taken back. */
const GROUPS = new Set(['connection', 'transactions', 'pubsub']);
const OTHERS = new Set(['MONITOR', 'READONLY', 'READWRITE', 'ASKING', 'SYNC', 'PSYNC', 'REPLCONF']);
/** Of these groups, what leaves the connection as it was. */
const HARMLESS = new Set(['ECHO', 'PING', 'PUBLISH', 'SPUBLISH', 'PUBSUB']);

/**
 * Why a command, as split into arguments, is none that builds a given state; undefined where it may be one. Given states
 * are data: they are built by the engine's own connection, which must serve on and may not be kept waiting.
 */
export function unfitForGiven(args: readonly Buffer[], facts: GivenFacts): string | undefined {
  const name = args[0]?.toString().toUpperCase() ?? '';
  if (OTHERS.has(name) || (GROUPS.has(facts.groupOf(args)) && !HARMLESS.has(name)))
    return `${name} acts on the connection, and a given state is data alone`;
  return facts.mayBlock(args) ? `${name} may wait for ever, and a given state is there at once` : undefined;
}
