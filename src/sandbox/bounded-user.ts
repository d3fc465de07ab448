import { randomBytes } from 'node:crypto';
import type { EngineClient } from '../redis/engine-client.ts';
import type { Reply } from '../redis/reply.ts';
import { boundedRules } from './learner-acl.ts';
import type { Survey } from './survey.ts';

const NAME = /^rediscover-[0-9a-f]{16}$/;
/** Their commands keep to the keys that they name. */
const KEYED_MODULES = ['ReJSON', 'bf', 'timeseries', 'vectorset'];

/** A name for a user of our making, which no other run has. */
export function newUserName(): string {
  return `rediscover-${randomBytes(8).toString('hex')}`;
}

/** Whether a user is one of our making: no other is ever removed. */
export function isBoundedUser(name: string): boolean {
  return NAME.test(name);
}

/**
 * Makes a user that cannot leave database `db`, by a script neither; its password. Where `send` may not make one, or
 * not remove it again: the error reply.
 */
export async function makeUser(
  send: EngineClient['send'],
  name: string,
  { known, db }: { known: Survey; db: number },
): Promise<{ password: string } | { refused: string }> {
  const removed = await send(['ACL', 'DELUSER', name]);
  if (removed.type === 'error') return { refused: removed.bytes.toString() };
  const others = known.modules.some((module) => !KEYED_MODULES.includes(module));
  const rules = boundedRules(known.version, db, others ? await moduleCommands(send) : []);
  const password = randomBytes(24).toString('hex');
  const made = await send(['ACL', 'SETUSER', name, 'reset', 'on', `>${password}`, ...rules]);
  return made.type === 'error' ? { refused: made.bytes.toString() } : { password };
}

async function moduleCommands(send: EngineClient['send']): Promise<string[]> {
  const reply = await send(['COMMAND']);
  return itemsOf(reply).flatMap((command) => {
    const [name, , flags] = itemsOf(command);
    return itemsOf(flags).some((flag) => textOf(flag) === 'module') ? [textOf(name)] : [];
  });
}

function itemsOf(reply: Reply | undefined): Reply[] {
  return reply?.type === 'array' ? reply.items : [];
}

function textOf(reply: Reply | undefined): string {
  return reply && 'bytes' in reply ? reply.bytes.toString() : '';
}
