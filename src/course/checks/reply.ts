import { z } from 'zod';
import { filled, number, text } from '../fields.ts';
import { type Problem, warning } from '../problem.ts';
import { entry, type YamlMap, type YamlNode } from '../yaml-tree.ts';
import { stringAt } from '../yaml-values.ts';
import { type CheckBase, why } from './kind.ts';

/** Some command that matches `to` answered `reply`. */
export interface ReplyCheck extends CheckBase {
  kind: 'reply';
  reply: ReplyValue;
  /** Command pattern; any command where absent. */
  to?: string;
  /** Index into an array reply, to judge one element of it. */
  item?: number;
  /** Other right answers. */
  or?: ReplyValue[];
  /** Whose commands: the learner's, where absent; those of the world's other client; or both. */
  by?: 'other' | 'anyone';
  /** How many commands answered so, exactly; at least one where absent. */
  times?: number;
  /** In which database it was asked; in that of the exercise where absent. */
  db?: number;
}
/** Integers and numeric strings compare as numbers; nil is null. */
export type ReplyValue = string | number | null | ReplyValue[];

const flatReply = z.union([text, number, z.null()]);
const listOf = <T extends z.ZodType>(item: T) => z.array(z.union([flatReply, item]));
/** Lists in lists as deep as XREAD's, the deepest: streams, entries, fields; without recursion, which editors follow badly. */
const replyList = listOf(listOf(listOf(listOf(z.array(flatReply)))));
const replyValue = z.union([text, number, z.null(), replyList]);

export const schema = z
  .strictObject({
    reply: replyValue.describe('What some command answered. nil is null; a list is an array reply.'),
    to: filled.optional().describe('Which command, by pattern: "TTL session:*". Any, where this is absent.'),
    item: z.int().optional().describe('Judge this element of an array reply alone; counts from 0.'),
    or: z.array(replyValue).min(1).optional().describe('Other answers that are right too.'),
    by: z
      .enum(['other', 'anyone'])
      .optional()
      .describe("Whose command, in a world: the other client's, or anybody's; the learner's where absent."),
    times: z
      .int()
      .min(0)
      .optional()
      .describe('How many commands answered so, exactly; at least 1 where absent.'),
    db: z.int().min(0).optional().describe('In which database; in that of the exercise, where absent.'),
    why,
  })
  .describe('What a command answered.');

export const patterns = ['to'];

export function read(node: YamlMap, base: CheckBase): ReplyCheck {
  const to = stringAt(node, 'to');
  const [item, or, times] = [entry(node, 'item'), entry(node, 'or'), entry(node, 'times')];
  const [by, db] = [stringAt(node, 'by'), entry(node, 'db')];
  return {
    kind: 'reply',
    ...base,
    reply: replyOf(entry(node, 'reply')!),
    ...(to !== undefined && { to }),
    ...(item?.kind === 'scalar' && { item: Number(item.value) }),
    ...(or?.kind === 'list' && { or: or.items.map(replyOf) }),
    ...((by === 'other' || by === 'anyone') && { by }),
    ...(times?.kind === 'scalar' && { times: Number(times.value) }),
    ...(db?.kind === 'scalar' && { db: Number(db.value) }),
  };
}

export function problems({ reply }: ReplyCheck, node: YamlMap): Problem[] {
  return typeof reply === 'string' && /^\(?nil\)?$/i.test(reply)
    ? [warning(entry(node, 'reply')!.at, `This is the text ${JSON.stringify(reply)}.`, 'nil is written null')]
    : [];
}

function replyOf(node: YamlNode): ReplyValue {
  if (node.kind === 'list') return node.items.map(replyOf);
  return node.kind === 'scalar' && typeof node.value !== 'boolean' ? node.value : null;
}
