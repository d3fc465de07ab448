import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type ParsedNode,
  parseDocument,
  Scalar,
  visit,
  type YAMLError,
} from 'yaml';
import { error, type Position, type Problem } from './problem.ts';
import type { Region } from './source.ts';

/** A YAML value with its place in the file that holds it. Plain data: no tags, no anchors, no cycles. */
export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap {
  kind: 'map';
  at: Position;
  /** In order; a name is its text as written (`007` stays `007`). Each once. */
  entries: { name: string; at: Position; value: YamlNode }[];
}

export interface YamlList {
  kind: 'list';
  at: Position;
  items: YamlNode[];
}

export interface YamlScalar {
  kind: 'scalar';
  at: Position;
  value: string | number | boolean | null;
  /** The text as written, where it is not quoted. */
  source: string;
  /** Of a block scalar (`|`): each line, without indentation. */
  lines?: { text: string; at: Position }[];
  /** Where ` # ...` cuts off a value that is not quoted. */
  cutAt?: Position;
}

/** The value under a name of a map. */
export function entry(node: YamlNode | undefined, name: string): YamlNode | undefined {
  return node?.kind === 'map' ? node.entries.find((each) => each.name === name)?.value : undefined;
}

/**
 * Reads one YAML document out of a stretch of a file. Never throws; gives no node where the syntax is broken.
 * Tags, anchors and aliases are refused: a lesson is plain data, and cannot unfold into more than was written.
 */
export function readYaml(region: Region): { node?: YamlNode; problems: Problem[] } {
  const { source, start, end } = region;
  const text = source.text.slice(start, end);
  const problems: Problem[] = [];
  const report = (offset: number, message: string, hint?: string): void => {
    problems.push(error(source.at(Math.min(start + offset, end)), message, hint));
  };

  const deep = tooDeepAt(text);
  if (deep >= 0) {
    report(deep, 'This YAML is nested too deep.', 'a course needs some five levels');
    return { problems };
  }
  const document = parseDocument<ParsedNode>(text, {
    version: '1.2',
    schema: 'core',
    prettyErrors: false,
    // The library compares every pair of names; `convert` looks each up instead.
    uniqueKeys: false,
    logLevel: 'error',
  });
  const faults: YAMLError[] = [...document.errors, ...document.warnings];
  // One broken place makes the parser trip over all that follows.
  const fault = faults.sort((a, b) => a.pos[0] - b.pos[0])[0];
  if (fault) {
    const { message, hint } = explain(fault, text);
    report(openedAt(document, fault) ?? fault.pos[0], message, hint);
  }
  if (faults.length > 0) return { problems };
  if (document.directives.yaml.explicit) {
    report(0, 'A %YAML line changes how YAML reads, and is not read here.', 'leave it out');
    return { problems };
  }

  const convert = (node: ParsedNode | null, fallback: number): YamlNode => {
    const offset = node?.range?.[0] ?? fallback;
    const at = source.at(start + offset);
    if (node === null) return { kind: 'scalar', at, value: null, source: '' };
    if (isAlias(node)) {
      report(
        offset,
        `*${node.source} is an alias in YAML, and aliases are not read here.`,
        `quote text that begins with "*"`,
      );
      return { kind: 'scalar', at, value: null, source: '' };
    }
    if (node.tag !== undefined || node.anchor !== undefined) {
      const what =
        node.tag !== undefined
          ? `The YAML tag ${node.tag.replace('tag:yaml.org,2002:', '!!')}`
          : `The YAML anchor &${node.anchor}`;
      report(offset, `${what} is not read here.`, 'leave it out, or quote the text');
    }
    if (isCollection(node)) {
      if (!isMap(node)) {
        const items = node.items.map((item) =>
          isPair(item)
            ? convert(item.value as ParsedNode | null, offset)
            : convert(item as ParsedNode, offset),
        );
        return { kind: 'list', at, items };
      }
      const entries: YamlMap['entries'] = [];
      const seen = new Set<string>();
      for (const pair of node.items) {
        const key = pair.key as ParsedNode | null;
        const keyOffset = key?.range?.[0] ?? offset;
        if (!isScalar(key) || key.tag !== undefined || key.anchor !== undefined) {
          report(keyOffset, 'A name in a YAML map must be text here.', 'quote it');
          continue;
        }
        const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
        if (name === '<<' && key.type === Scalar.PLAIN) {
          report(
            keyOffset,
            '"<<" merges maps in YAML, which is not read here.',
            'write the fields out, or quote it',
          );
          continue;
        }
        if (seen.has(name)) {
          report(keyOffset, `"${name}" stands here twice.`, 'keep one of them');
          continue;
        }
        seen.add(name);
        const valueAt = key.range?.[1] ?? keyOffset;
        entries.push({
          name,
          at: source.at(start + keyOffset),
          value: convert(pair.value as ParsedNode | null, valueAt),
        });
      }
      return { kind: 'map', at, entries };
    }
    return scalar(node as Scalar.Parsed, at);
  };

  const scalar = (node: Scalar.Parsed, at: Position): YamlScalar => {
    const value = node.value as unknown;
    const plain =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
    const result: YamlScalar = {
      kind: 'scalar',
      at,
      value: plain,
      source: node.source ?? String(value ?? ''),
    };
    const [from, to] = node.range;
    if (node.type === Scalar.BLOCK_LITERAL) result.lines = blockLines(from, to, String(value));
    if (node.type === Scalar.PLAIN && plain !== null) {
      const rest = text.slice(to).match(/^[ \t]+(?=#)/);
      if (rest) result.cutAt = source.at(start + to + rest[0].length);
    }
    return result;
  };

  /** Pairs the lines of a block scalar's value with where they stand. */
  const blockLines = (from: number, to: number, value: string): { text: string; at: Position }[] => {
    const lines: { text: string; at: Position }[] = [];
    let offset = text.indexOf('\n', from) + 1;
    for (const line of value.replace(/\n+$/, '').split('\n')) {
      let lineEnd = text.indexOf('\n', offset);
      if (lineEnd < 0) lineEnd = text.length;
      lines.push({ text: line, at: source.at(start + Math.max(offset, lineEnd - line.length)) });
      offset = Math.min(lineEnd + 1, to);
    }
    return lines;
  };

  const node = convert(document.contents, 0);
  return problems.length > 0 ? { problems } : { node, problems };
}

/** The same as plain data, for a schema. Fields named `__proto__` get a space in front, as zod passes over that name. */
export function toData(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toData);
  return Object.fromEntries(node.entries.map(({ name, value }) => [safeName(name), toData(value)]));
}

export function safeName(name: string): string {
  return name === '__proto__' ? ' __proto__' : name;
}

/**
 * Where nesting passes what any course needs, or -1. The parser is recursive, and near the end of its stack Node does
 * not throw but abort, so this is counted before.
 */
function tooDeepAt(text: string): number {
  let offset = 0;
  let flow = 0;
  for (const line of text.split('\n')) {
    const prefix = line.match(/^[\s?:-]*/)![0].length;
    // Three marks more than this in one line of text are no list but a ruler.
    const marks = line.match(/(?<![^\s])[-?:](?=\s|$)|:(?=\s|$)/g)?.length ?? 0;
    if (prefix > 200 || marks > 40) return offset;
    for (const bracket of line.matchAll(/(?<![^\s[{,:])[[{]|[\]}]/g)) {
      flow = /[[{]/.test(bracket[0]) ? flow + 1 : Math.max(0, flow - 1);
      if (flow > 100) return offset + bracket.index;
    }
    offset += line.length + 1;
  }
  return -1;
}

/** Where the quote or bracket opens that is never closed; the library tells where it gave up. */
function openedAt(document: Document.Parsed, fault: YAMLError): number | undefined {
  if (!/Missing closing|must end with|end with a/.test(fault.message)) return undefined;
  let opened: number | undefined;
  visit(document, {
    Node(_, node) {
      const { range } = node as ParsedNode;
      const quoted =
        isScalar(node) && (node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE);
      const flow = isCollection(node) && node.flow === true;
      if ((quoted || flow) && range && range[0] <= fault.pos[0] && range[1] >= fault.pos[0])
        opened = range[0];
    },
  });
  return opened;
}

/** A syntax error of the YAML library, in our words where they can help more. */
function explain(fault: YAMLError, text: string): { message: string; hint?: string } {
  const here = text.slice(fault.pos[0], fault.pos[0] + 1);
  const tab = text.slice(0, fault.pos[1]).match(/(?:^|\n)[ ]*\t[^\n]*$/);
  if (fault.code === 'TAB_AS_INDENT' || tab) {
    return { message: 'A tab indents this line; YAML takes spaces alone.', hint: 'replace it by spaces' };
  }
  if (fault.message.startsWith('Missing closing')) {
    return {
      message: 'A quoted text begins here and never ends.',
      hint: 'close the quote; a quote inside "..." is \\"',
    };
  }
  switch (fault.code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: 'A second ": " in one line reads as a map inside a map.',
        hint: 'quote the whole text',
      };
    case 'BAD_SCALAR_START':
      return { message: `Text cannot begin with ${here} in YAML.`, hint: 'quote the whole text' };
    case 'BAD_ALIAS':
      return {
        message: 'Text that begins with "*" or "&" reads as an alias in YAML.',
        hint: 'quote the whole text',
      };
    case 'MULTIPLE_DOCS':
      return { message: 'A second YAML document begins here.', hint: 'leave out the line "---"' };
    case 'TAG_RESOLVE_FAILED':
      return { message: 'Text that begins with "!" reads as a tag in YAML.', hint: 'quote the whole text' };
    case 'BAD_DQ_ESCAPE':
      return {
        message: 'YAML knows no such escape in double quotes.',
        hint: "write \\\\ for a backslash, or use '...' or a block (|)",
      };
    case 'MISSING_CHAR':
    case 'UNEXPECTED_TOKEN':
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BAD_INDENT':
      return {
        message: `${fault.message} (YAML).`.replace('. (YAML)', ' (YAML)'),
        hint: 'look at the indentation, and quote text that holds quotes, ": " or " #"',
      };
    default:
      return { message: `${fault.message} (YAML).`.replace('. (YAML)', ' (YAML)') };
  }
}
