import type { Exercise } from '../course/course.ts';
import { KEYSPACE_EVENTS } from '../course/needs.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/**
 * Why an exercise cannot be solved on this server, as the end of "it can't be done here: ..."; undefined where it can.
 * That is nobody's failure. Rejects with ConnectionLost.
 */
export async function whyNotHere(
  { needs }: Pick<Exercise, 'needs'>,
  sandbox: Sandbox,
): Promise<string | undefined> {
  for (const need of needs) {
    const why = need === KEYSPACE_EVENTS ? await whyNoEvents(sandbox) : await whyNoCommand(need, sandbox);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** The sentence of an error as `whyNotHere` has it. */
export function asWhyNot({ message }: Error): string {
  return message.replace(/\.$/, '').replace(/^This /, 'this ');
}

/** Source: https://redis.io/docs/latest/develop/use/keyspace-notifications/ */
async function whyNoEvents({ engine, description }: Sandbox): Promise<string | undefined> {
  const reply = await engine.send(['CONFIG', 'GET', 'notify-keyspace-events']);
  const flags =
    reply.type === 'array' && reply.items[1]?.type === 'bulk' ? reply.items[1].bytes.toString() : '';
  return /E/.test(flags) && /A/.test(flags)
    ? undefined
    : `${description}, does not tell of what happens to keys (CONFIG SET notify-keyspace-events KEA makes it)`;
}

/** Source: https://redis.io/docs/latest/commands/command-info/ */
async function whyNoCommand(name: string, { engine, description }: Sandbox): Promise<string | undefined> {
  const reply = await engine.send(['COMMAND', 'INFO', name]);
  const known = reply.type !== 'array' || (reply.items[0] !== undefined && reply.items[0].type === 'array');
  return known ? undefined : `${description}, has no ${name}`;
}

/**
 * Whether it is about what is published. Channels belong to a whole server: where others use that too, they would be heard,
 * and counted.
 */
export function listens({ others, checks, worlds }: Exercise): boolean {
  const heard = ['published', 'subscribed', 'received'];
  return (
    others.some(
      (other) => other.kind === 'subscriber' || (other.kind === 'reacting' && other.when === 'subscribed'),
    ) || [...checks, ...worlds.flatMap((world) => world.checks)].some(({ kind }) => heard.includes(kind))
  );
}
