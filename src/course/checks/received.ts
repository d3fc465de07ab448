import { z } from 'zod';
import { filled, text } from '../fields.ts';
import { entry, type YamlMap, type YamlNode } from '../yaml-tree.ts';
import { itemsOf, string, stringAt } from '../yaml-values.ts';
import { type CheckBase, why } from './kind.ts';

/** A client of the learner's has got exactly these messages, in this order, since it subscribed to something last. */
export interface ReceivedCheck extends CheckBase {
  kind: 'received';
  messages: ReceivedMessage[];
}

/** What is absent may be anything. */
export interface ReceivedMessage {
  message: string;
  channel?: string;
  /** By which pattern it came. */
  pattern?: string;
}

const message = z
  .strictObject({
    message: text.describe('What was published.'),
    channel: filled.optional().describe('On which channel.'),
    pattern: filled.optional().describe('By which pattern it came, of PSUBSCRIBE.'),
  })
  .describe('A message.');

export const schema = z
  .strictObject({
    received: z
      .union([text, z.array(z.union([text, message])).min(1)])
      .describe('All messages that came since the last subscription, in order: texts, or maps.'),
    why,
  })
  .describe('What a subscriber of the learner got.');

export function read(node: YamlMap, base: CheckBase): ReceivedCheck {
  const received = entry(node, 'received')!;
  const items = received.kind === 'list' ? itemsOf(received) : [received];
  return { kind: 'received', ...base, messages: items.map(messageOf) };
}

function messageOf(node: YamlNode): ReceivedMessage {
  if (node.kind !== 'map') return { message: string(node) };
  const [channel, pattern] = [stringAt(node, 'channel'), stringAt(node, 'pattern')];
  return {
    message: stringAt(node, 'message') ?? '',
    ...(channel !== undefined && { channel }),
    ...(pattern !== undefined && { pattern }),
  };
}
