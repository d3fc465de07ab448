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

/** What the engine runs of a course: a given state, or what another client does, in a world or all along. */
export type Part = 'given' | 'meanwhile' | 'others';

/** How each of them has to be, for the messages. */
const IS: Record<Part, { data: string; soon: string }> = {
  given: { data: 'a given state is data alone', soon: 'a given state is there at once' },
  meanwhile: { data: 'another client acts on data alone', soon: 'what another client does is done at once' },
  others: { data: 'another client acts on data alone', soon: 'what it runs then is done at once' },
};

/**
 * Why a command, as split into arguments, is none that builds a given state, or that another client may run; undefined
 * where it may. Both are the course's data: they run on connections that must serve on and may not be kept waiting.
 */
export function unfitFor(part: Part, args: readonly Buffer[], facts: GivenFacts): string | undefined {
  const name = args[0]?.toString().toUpperCase() ?? '';
  if (OTHERS.has(name) || (GROUPS.has(facts.groupOf(args)) && !HARMLESS.has(name)))
    return `${name} acts on the connection, and ${IS[part].data}`;
  return facts.mayBlock(args) ? `${name} may wait for ever, and ${IS[part].soon}` : undefined;
}
