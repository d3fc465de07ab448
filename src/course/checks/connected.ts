import { z } from 'zod';
import { filled } from '../fields.ts';
import { entry, type YamlMap } from '../yaml-tree.ts';
import { scalar, stringAt } from '../yaml-values.ts';
import { type CheckBase, why } from './kind.ts';

/** A URL of the learner's led to the exercise's server, and to this user and database there. */
export interface ConnectedCheck extends CheckBase {
  kind: 'connected';
  /** `default`, where the URL names none. */
  user: string;
  db?: number;
}

export const schema = z
  .strictObject({
    connected: filled.describe('As which user the URL came in: its name, or default.'),
    db: z.int().min(0).optional().describe('To which database it led; any, where this is absent.'),
    why,
  })
  .describe('What the URL behind .connect reached.');

export function read(node: YamlMap, base: CheckBase): ConnectedCheck {
  const db = entry(node, 'db');
  return {
    kind: 'connected',
    ...base,
    user: stringAt(node, 'connected') ?? '',
    ...(db && { db: Number(scalar(db)) }),
  };
}
