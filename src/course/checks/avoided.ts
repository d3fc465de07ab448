import { z } from 'zod';
import { lines } from '../fields.ts';
import { entry, type YamlMap } from '../yaml-tree.ts';
import { strings } from '../yaml-values.ts';
import { type CheckBase, why } from './kind.ts';

export interface AvoidedCheck extends CheckBase {
  kind: 'avoided';
  /** None of these. */
  patterns: string[];
}

export const schema = z
  .strictObject({
    avoided: lines.describe('A command that was not run, or a list of which none was. KEYS, "SET * EX".'),
    why,
  })
  .describe('Which command did not.');

export const patterns = ['avoided'];

export function read(node: YamlMap, base: CheckBase): AvoidedCheck {
  return { kind: 'avoided', ...base, patterns: strings(entry(node, 'avoided')!) };
}
