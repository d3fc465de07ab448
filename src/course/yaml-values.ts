import { entry, type YamlMap, type YamlNode } from './yaml-tree.ts';

/** The text under a name of a map. */
export function stringAt(node: YamlMap, name: string): string | undefined {
  const found = entry(node, name);
  return found === undefined ? undefined : string(found);
}

/** The items of a list; none of anything else. */
export function itemsOf(node: YamlNode | undefined): YamlNode[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The names and values of a map; none of anything else. */
export function pairs(node: YamlNode): [string, YamlNode][] {
  return node.kind === 'map' ? node.entries.map(({ name, value }) => [name, value]) : [];
}

export function scalar(node: YamlNode): string | number | boolean | null {
  return node.kind === 'scalar' ? node.value : null;
}

export function string(node: YamlNode): string {
  return String(scalar(node) ?? '');
}

/** One text, or a list of them. */
export function strings(node: YamlNode): string[] {
  return node.kind === 'list' ? node.items.map(string) : [string(node)];
}
