import { CHECK_KINDS, type Check, checkKind } from './checks/registry.ts';
import { error, type Problem } from './problem.ts';
import { shapeProblems } from './shape.ts';
import { didYouMean } from './suggest.ts';
import type { YamlMap, YamlNode } from './yaml-tree.ts';
import { stringAt } from './yaml-values.ts';

const KINDS = Object.keys(CHECK_KINDS) as Check['kind'][];

/** One item of `checks`. Reads what is well formed and reports the rest; a check it cannot tell is left out. */
export function readCheck(node: YamlNode): { check?: Check; problems: Problem[] } {
  if (node.kind !== 'map') {
    return { problems: [error(node.at, 'A check is a map that begins with what it looks at.', KIND_HINT)] };
  }
  const kind = kindOf(node);
  if (kind === undefined) return { problems: [unknownKind(node)] };
  const problems = shapeProblems(checkKind(kind).schema, node, `a check of "${kind}"`);
  // Half a check would judge something else than was written.
  if (problems.length > 0) return { problems };
  const why = stringAt(node, 'why');
  const nested = (item: YamlNode) => {
    const one = readCheck(item);
    problems.push(...one.problems);
    return one.check;
  };
  const check = checkKind(kind).read(node, { at: node.at, ...(why !== undefined && { why }) }, nested);
  if (problems.length > 0) return { problems };
  return { check, problems: checkKind(kind).problems?.(check, node) ?? [] };
}

const KIND_HINT = `begin it with ${KINDS.slice(0, -1).join(', ')} or ${KINDS.at(-1)}, as in "- key: session:xyz"`;

function kindOf(node: YamlMap): Check['kind'] | undefined {
  return node.entries
    .map(({ name }) => name)
    .find((name): name is Check['kind'] => KINDS.includes(name as Check['kind']));
}

function unknownKind(node: YamlMap): Problem {
  const first = node.entries[0];
  if (first === undefined) return error(node.at, 'This check is empty.', KIND_HINT);
  const guess = didYouMean(first.name, KINDS);
  if (guess) return error(first.at, `There is no check "${first.name}".`, guess);
  const keyFields = Object.keys(CHECK_KINDS.key.schema.shape);
  return keyFields.includes(first.name)
    ? error(first.at, 'This check names no key.', 'begin it with "key: NAME"')
    : error(first.at, `There is no check "${first.name}".`, KIND_HINT);
}
