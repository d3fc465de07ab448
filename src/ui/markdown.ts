import type { Definition, Nodes, Paragraph, PhrasingContent, Root, RootContent } from 'mdast';
import { columns, pad } from './columns.ts';
import type { Style, Theme } from './theme.ts';
import { visible } from './visible.ts';
import { lineBreak, type Run, wrapRuns } from './wrap.ts';

/**
 * CommonMark as a tree. Loads the parser, which costs some 30 ms the first time: what is known before the program
 * starts is better parsed then (see `proseOf`).
 */
export async function parseMarkdown(markdown: string): Promise<Root> {
  const { fromMarkdown } = await import('mdast-util-from-markdown');
  return fromMarkdown(markdown);
}

interface Page {
  theme: Theme;
  /** By label, for links that name their target elsewhere. */
  definitions: Map<string, Definition>;
}

/** Prose as terminal lines of at most `width` columns, without a line feed at the end. Nothing acting gets through. */
export function renderMarkdown(tree: Root, width: number, theme: Theme): string {
  const definitions = new Map<string, Definition>();
  collect(tree, definitions);
  return blocks(tree.children, Math.max(1, width), { theme, definitions }).join('\n');
}

function collect(node: Nodes, definitions: Map<string, Definition>): void {
  if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node);
  if ('children' in node) for (const child of node.children) collect(child, definitions);
}

/** Blocks one under the other, an empty line between each two unless the list they are in is a tight one. */
function blocks(nodes: RootContent[], width: number, page: Page, tight = false): string[] {
  const lines: string[] = [];
  for (const node of nodes) {
    const drawn = block(node, width, page);
    if (drawn.length === 0) continue;
    if (lines.length > 0 && !tight) lines.push('');
    lines.push(...drawn);
  }
  return lines;
}

function block(node: RootContent, width: number, page: Page): string[] {
  const { theme } = page;
  switch (node.type) {
    case 'paragraph':
      return wrapRuns(inline(isTable(node) ? rows(node) : node.children, page, theme.plain), width);
    case 'heading':
      return wrapRuns(inline(node.children, page, theme.heading), width);
    case 'code':
      return code(node.value, width, theme);
    case 'list':
      return list(node, width, page);
    case 'blockquote':
      return prefixed(`${theme.sign.quote} `, theme.dim, width, (inner) =>
        blocks(node.children, inner, page),
      );
    case 'thematicBreak':
      return [theme.dim(theme.sign.rule.repeat(width))];
    case 'html':
      return html(node.value, width, theme);
    case 'definition':
    case 'yaml':
      return [];
    default:
      return 'children' in node ? blocks(node.children as RootContent[], width, page) : [];
  }
}

function code(source: string, width: number, theme: Theme): string[] {
  const indent = width >= 30 ? 2 : 0;
  return source.split('\n').flatMap((line) => {
    const text = visible(line.replaceAll('\t', '    '));
    const pieces = chop(text, Math.max(1, width - indent));
    return pieces.map((piece) => (piece === '' ? '' : ' '.repeat(indent) + theme.code(piece)));
  });
}

/** Code keeps its spaces, so it breaks wherever the line ends. */
function chop(text: string, width: number): string[] {
  if (columns(text) <= width) return [text];
  const indent = /^ */.exec(text)![0].slice(0, Math.max(0, width - 10));
  const lines = wrapRuns(
    [{ text: text.slice(indent.length), style: String, whole: true }],
    width - indent.length,
  );
  return lines.map((line) => indent + line);
}

function list(node: Extract<RootContent, { type: 'list' }>, width: number, page: Page): string[] {
  const { theme } = page;
  const first = node.start ?? 1;
  const widest = String(first + node.children.length - 1).length;
  const loose = node.spread || node.children.some((item) => item.spread);
  return node.children.flatMap((item, index) => {
    const mark = node.ordered ? `${String(first + index).padStart(widest)}. ` : `${theme.sign.bullet} `;
    const lines = prefixed(
      mark,
      theme.dim,
      width,
      (inner) => blocks(item.children, inner, page, !loose),
      ' ',
    );
    return loose && index > 0 ? ['', ...lines] : lines;
  });
}

/** What `draw` makes of the width that is left, with `mark` before the first line and `next` before the others. */
function prefixed(mark: string, style: Style, width: number, draw: (width: number) => string[], next = mark) {
  const size = columns(mark);
  const lines = draw(Math.max(1, width - size));
  if (lines.length === 0) lines.push('');
  return lines.map((line, index) => {
    const before = index === 0 || next === mark ? style(mark) : pad('', size);
    return line === '' && next !== mark && index > 0 ? '' : before + line;
  });
}

function html(source: string, width: number, theme: Theme): string[] {
  const shown = source.replace(/<!--[\s\S]*?-->/g, '').trim();
  return shown === '' ? [] : wrapRuns([{ text: visible(shown, 'lines'), style: theme.dim }], width);
}

function inline(nodes: PhrasingContent[], page: Page, style: Style): Run[] {
  return nodes.flatMap((node): Run | Run[] => {
    const { theme } = page;
    switch (node.type) {
      case 'text':
        return { text: visible(node.value, 'lines'), style };
      case 'inlineCode': {
        // Without colours only the backticks tell a command from a word.
        const text = visible(node.value);
        return { text: theme.colour ? text : `\`${text}\``, style: theme.code, whole: true };
      }
      case 'emphasis':
        return inline(node.children, page, within(style, theme.emphasis));
      case 'strong':
        return inline(node.children, page, within(style, theme.strong));
      case 'link':
        return link(inline(node.children, page, within(style, theme.link)), node.url, page);
      case 'linkReference': {
        const target = page.definitions.get(node.identifier);
        return link(inline(node.children, page, style), target?.url ?? '', page);
      }
      case 'image':
        return link([{ text: visible(node.alt || 'picture'), style }], node.url, page);
      case 'break':
        return lineBreak;
      case 'html':
        return node.value.startsWith('<!--') ? [] : { text: visible(node.value), style: theme.dim };
      default:
        return 'children' in node ? inline(node.children, page, style) : [];
    }
  });
}

/** A terminal can't be relied on to follow a link: the address stands after its words. */
function link(words: Run[], url: string, { theme }: Page): Run[] {
  const said = words.map((run) => run.text).join('');
  if (url === '' || url.startsWith('#') || said === visible(url)) return words;
  return [
    ...words,
    { text: ' ', style: theme.plain },
    { text: `(${visible(url)})`, style: theme.dim, whole: true },
  ];
}

function within(outer: Style, inner: Style): Style {
  return (text) => outer(inner(text));
}

/** Pipe tables are not CommonMark: they arrive as a paragraph, whose lines are kept as they are. */
function isTable(node: Paragraph): boolean {
  const text = node.children.map((child) => ('value' in child ? child.value : '')).join('');
  return /^\|.*\|[ \t]*\n[ \t]*\|[ \t:|-]+\|[ \t]*(\n|$)/.test(text);
}

function rows(node: Paragraph): PhrasingContent[] {
  return node.children.flatMap((child): PhrasingContent[] => {
    if (child.type !== 'text') return [child];
    return child.value
      .split('\n')
      .flatMap((value, index): PhrasingContent[] =>
        index > 0 ? [{ type: 'break' }, { type: 'text', value }] : [{ type: 'text', value }],
      );
  });
}
