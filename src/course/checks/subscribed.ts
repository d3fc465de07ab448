import { z } from 'zod';
import { filled } from '../fields.ts';
import { entry, type YamlMap } from '../yaml-tree.ts';
import { scalar, stringAt } from '../yaml-values.ts';
import { type CheckBase, why } from './kind.ts';

/** A client of the learner's has subscribed to a channel, or to a pattern of channels. */
export interface SubscribedCheck extends CheckBase {
  kind: 'subscribed';
  name: string;
  /** Whether the name is a pattern's. */
  isPattern: boolean;
  /** Which client: the prompt's, or another one, as code is; any of the learner's where absent. */
  by?: 'prompt' | 'another';
}

export const schema = z
  .strictObject({
    subscribed: filled.describe('A channel that was subscribed to, or a pattern.'),
    pattern: z.boolean().optional().describe('true: it is a pattern, of PSUBSCRIBE.'),
    by: z
      .enum(['prompt', 'another'])
      .optional()
      .describe('By which client: what is typed, or another one, as code is. Any, where this is absent.'),
    why,
  })
  .describe('What was subscribed to.');

export function read(node: YamlMap, base: CheckBase): SubscribedCheck {
  const pattern = entry(node, 'pattern');
  const by = stringAt(node, 'by');
  return {
    kind: 'subscribed',
    ...base,
    name: stringAt(node, 'subscribed') ?? '',
    isPattern: pattern !== undefined && scalar(pattern) === true,
    ...((by === 'prompt' || by === 'another') && { by }),
  };
}
