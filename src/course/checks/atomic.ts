import { z } from 'zod';
import { lines } from '../fields.ts';
import { entry, type YamlMap } from '../yaml-tree.ts';
import { strings } from '../yaml-values.ts';
import { type CheckBase, why } from './kind.ts';

/** All that was written to these keys came from one command, one transaction or one script. */
export interface AtomicCheck extends CheckBase {
  kind: 'atomic';
  keys: string[];
}

export const schema = z
  .strictObject({
    atomic: lines.describe('Keys (one or a list) that one command, transaction or script wrote in one go.'),
    why,
  })
  .describe('That nobody could get in between.');

export function read(node: YamlMap, base: CheckBase): AtomicCheck {
  return { kind: 'atomic', ...base, keys: strings(entry(node, 'atomic')!) };
}
