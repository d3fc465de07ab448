import { z } from 'zod';
import { filled, text } from '../fields.ts';
import type { Problem } from '../problem.ts';
import type { Range } from '../range.ts';
import { range, rangeProblems, readRange } from '../range-field.ts';
import { entry, type YamlMap } from '../yaml-tree.ts';
import { stringAt } from '../yaml-values.ts';
import { type CheckBase, why } from './kind.ts';

/** The learner has published a message. */
export interface PublishedCheck extends CheckBase {
  kind: 'published';
  message: string;
  channel: string;
  /** How many clients got it, as the server answered; however many where absent. */
  heard?: Range;
}

export const schema = z
  .strictObject({
    published: text.describe('A message that was published.'),
    channel: filled.describe('On which channel.'),
    heard: range.optional().describe('How many clients got it: 2, "1..3" or "1..".'),
    why,
  })
  .describe('What was published, and how many heard it.');

export function read(node: YamlMap, base: CheckBase): PublishedCheck {
  const heard = entry(node, 'heard');
  return {
    kind: 'published',
    ...base,
    message: stringAt(node, 'published') ?? '',
    channel: stringAt(node, 'channel') ?? '',
    ...(heard && { heard: readRange(heard) }),
  };
}

export function problems(_: PublishedCheck, node: YamlMap): Problem[] {
  return rangeProblems(entry(node, 'heard'));
}
