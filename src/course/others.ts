import { z } from 'zod';
import { filled, lines } from './fields.ts';
import type { Line } from './line.ts';
import { error, type Position } from './problem.ts';
import type { TextReader } from './text-reader.ts';
import { entry, type YamlNode } from './yaml-tree.ts';
import { itemsOf, strings } from './yaml-values.ts';

/**
 * Another client that is at work while an exercise is done: one that is subscribed from the beginning, one that waits
 * from the beginning, or one that acts when the learner does something.
 */
export type Other = Subscriber | Waiting | Reacting;

export interface Subscriber {
  kind: 'subscriber';
  channels: string[];
  patterns: string[];
  at: Position;
}

/** Its command blocks, before the learner begins. */
export interface Waiting {
  kind: 'waiting';
  line: Line;
  at: Position;
}

/** It runs these lines each time the learner's command waits, or each time the learner has subscribed to something. */
export interface Reacting {
  kind: 'reacting';
  when: 'blocked' | 'subscribed';
  run: Line[];
  at: Position;
}

export const otherSchema = z
  .strictObject({
    subscribes: lines.optional().describe('A channel that it is subscribed to, or a list of them.'),
    psubscribes: lines
      .optional()
      .describe('A pattern of channels that it is subscribed to, or a list of them.'),
    waits: filled.optional().describe('The command that it waits with, as in BLPOP taxi:rank 0.'),
    when: z
      .enum(['blocked', 'subscribed'])
      .optional()
      .describe("When it acts: each time a command of the learner's waits, or has subscribed to something."),
    run: lines.optional().describe('What it runs then: one command line, or a list of them.'),
  })
  .describe('Another client at work: it is subscribed, it waits, or it acts when the learner does.');

const HINT = 'say what it does: subscribes, psubscribes, waits, or when and run';

export function readOthers(node: YamlNode | undefined, text: TextReader): Other[] {
  return itemsOf(node).flatMap((item) => readOther(item, text) ?? []);
}

function readOther(node: YamlNode, text: TextReader): Other | undefined {
  const { at } = node;
  const [channels, patterns] = [entry(node, 'subscribes'), entry(node, 'psubscribes')];
  const [waits, when, run] = [entry(node, 'waits'), entry(node, 'when'), entry(node, 'run')];
  const said = [channels ?? patterns, waits, when ?? run].filter((part) => part !== undefined);
  if (said.length !== 1 || (when === undefined) !== (run === undefined)) {
    text.problems.push(error(at, 'Another client does one thing.', HINT));
    return undefined;
  }
  if (waits) {
    const [line] = text.lines(waits);
    return line && { kind: 'waiting', line, at };
  }
  if (when) {
    const moment = when.kind === 'scalar' && when.value === 'subscribed' ? 'subscribed' : 'blocked';
    return { kind: 'reacting', when: moment, run: text.lines(run), at };
  }
  const names = (part: YamlNode | undefined) => (part ? strings(part) : []);
  return { kind: 'subscriber', channels: names(channels), patterns: names(patterns), at };
}
