import { NoRedis } from '../failure.ts';
import type { Target } from '../redis/target.ts';
import { Probe } from './probe.ts';
import { addressOf } from './survey.ts';

/** What lessons need on a server that the user named, each with arguments that would be right. */
const NEEDED: string[][] = [
  ['SELECT', '0'],
  ['DBSIZE'],
  ['TIME'],
  ['EXISTS', 'k'],
  ['DEL', 'k'],
  ['HSET', 'k', 'f', 'v'],
  ['HDEL', 'k', 'f'],
  ['HGETALL', 'k'],
  ['HKEYS', 'k'],
  ['UNWATCH'],
  ['CLIENT', 'SETNAME', 'rediscover'],
  ['CLIENT', 'ID'],
  ['COMMAND', 'INFO', 'get'],
  ['COMMAND', 'GETKEYS', 'get', 'k'],
  ['EVAL', 'return 1', '0'],
  ['EVALSHA', '0'.repeat(40), '0'],
  ['KEYS', '*'],
  ['TYPE', 'k'],
  ['PTTL', 'k'],
  ['OBJECT', 'ENCODING', 'k'],
  ['GET', 'k'],
  ['LRANGE', 'k', '0', '-1'],
  ['SMEMBERS', 'k'],
  ['ZRANGE', 'k', '0', '-1'],
  ['XRANGE', 'k', '-', '+'],
];

const PATIENCE = 4000;

/**
 * Throws NoRedis naming each command that this user may not run and lessons can't do without. Nothing is
 * run: a server checks rights while it queues a transaction, and this one is discarded.
 */
export async function checkPermissions(target: Target): Promise<void> {
  const name = addressOf(target);
  const user = target.username ?? 'default';
  const probe = await Probe.open(target, PATIENCE);
  try {
    if (target.password !== undefined)
      await probe.ask('AUTH', ...(target.username === undefined ? [] : [target.username]), target.password);
    // Changes nothing, and not every server says within a transaction who may.
    const [watched, begun] = await Promise.all([probe.ask('WATCH', 'k'), probe.ask('MULTI')]);
    // Outside of a transaction they would be run.
    const needed = begun === '+OK' ? NEEDED : [];
    const [replies] = await Promise.all([
      Promise.all(needed.map((command) => probe.ask(...command))),
      ...(begun === '+OK' ? [probe.ask('DISCARD')] : []),
    ]);
    const denied = [
      ...(isDenied(watched) ? ['WATCH'] : []),
      ...(begun === '+OK' ? [] : ['MULTI']),
      ...needed.flatMap((command, index) => (isDenied(replies[index]!) ? [commandName(command)] : [])),
    ];
    if (denied.length > 0) {
      const rights = denied.map((command) => `+${command.toLowerCase().replace(' ', '|')}`).join(' ');
      throw new NoRedis(
        `${name} does not let the user ${user} run what lessons need: ${denied.join(', ')}.`,
        {
          next: `Let its administrator run: ACL SETUSER ${user} ${rights}`,
        },
      );
    }
    if ([watched, ...replies].some((reply) => reply.startsWith('-NOPERM')))
      throw new NoRedis(`${name} lets the user ${user} use some key names alone; lessons use many.`, {
        next: `Let its administrator run: ACL SETUSER ${user} ~*`,
      });
  } finally {
    probe.close();
  }
}

/** A command that may not be run, as opposed to a key that may not be used. */
function isDenied(reply: string): boolean {
  return /^-NOPERM .*\bto run\b/i.test(reply);
}

function commandName([name = '', part = '']: string[]): string {
  return ['CLIENT', 'COMMAND', 'OBJECT'].includes(name) ? `${name} ${part}` : name;
}
