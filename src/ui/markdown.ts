import type {
  AlignType,
  Definition,
  FootnoteDefinition,
  List,
  ListItem,
  Nodes,
  PhrasingContent,
  Root,
  RootContent,
  Table,
} from 'mdast';
import { columns, pad } from './columns.ts';
import { drawTable, type TableMaker } from './table.ts';
import type { Style, Theme } from './theme.ts';
import { visible } from './visible.ts';
import { lineBreak, type Run, wrapRuns } from './wrap.ts';

/**
 * Markdown as a tree. Loads the parser, which costs some 30 ms the first time: what is known before the program
 * starts is better parsed then (see `proseOf`).
 */
export async function parseMarkdown(markdown: string): Promise<Root> {
  const { parseProse } = await import('../course/prose.ts');
  return parseProse(markdown);
}

interface Page {
  theme: Theme;
  /** By label, for links and pictures that name their target elsewhere. */
  definitions: Map<string, Definition>;
  footnotes: Map<string, FootnoteDefinition>;
  /** Labels of the footnotes that were referred to, in order: the first is number 1. */
  referred: string[];
  /** Where there is a table. */
  Table?: TableMaker;
}

/** Prose as terminal lines of at most `width` columns, without a line feed at the end. Nothing acting gets through. */
export async function renderMarkdown(tree: Root, width: number, theme: Theme): Promise<string> {
  const page: Page = { theme, definitions: new Map(), footnotes: new Map(), referred: [] };
  if (collect(tree, page)) page.Table = (await import('cli-table3')).default;
  const room = Math.max(1, width);
  const lines = blocks(tree.children, room, page);
  // A footnote may refer to one more.
  for (const [index, label] of page.referred.entries()) {
    const note = page.footnotes.get(label)!;
    lines.push(
      '',
      ...prefixed(`[${index + 1}] `, theme.dim, room, (inner) => blocks(note.children, inner, page), ' '),
    );
  }
  return lines.join('\n');
}

/** Files what is defined, the first of each label; tells whether there is a table. */
function collect(node: Nodes, page: Page): boolean {
  const { definitions, footnotes } = page;
  if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node);
  if (node.type === 'footnoteDefinition' && !footnotes.has(node.identifier))
    footnotes.set(node.identifier, node);
  let hasTable = node.type === 'table';
  if ('children' in node) for (const child of node.children) hasTable = collect(child, page) || hasTable;
  return hasTable;
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

/** Without a default, so that the compiler names the kind of node that is forgotten: none vanishes. */
function block(node: RootContent, width: number, page: Page): string[] {
  const { theme } = page;
  switch (node.type) {
    case 'paragraph':
    case 'tableCell':
      return wrapRuns(inline(node.children, page, theme.plain), width);
    case 'heading':
      return wrapRuns(inline(node.children, page, theme.heading), width);
    case 'code':
    case 'yaml':
      return code(node.value, width, theme);
    case 'list':
      return list(node, width, page);
    case 'table':
      return table(node, width, page);
    case 'listItem':
    case 'tableRow':
      return blocks(node.children, width, page);
    case 'blockquote':
      return prefixed(`${theme.sign.quote} `, theme.dim, width, (inner) =>
        blocks(node.children, inner, page),
      );
    case 'thematicBreak':
      return [theme.dim(theme.sign.rule.repeat(width))];
    case 'html':
      return html(node.value, width, theme);
    case 'definition':
    case 'footnoteDefinition':
      // Shown where it is referred to.
      return [];
    case 'text':
    case 'inlineCode':
    case 'emphasis':
    case 'strong':
    case 'delete':
    case 'link':
    case 'linkReference':
    case 'image':
    case 'imageReference':
    case 'footnoteReference':
    case 'break':
      return wrapRuns(inline([node], page, theme.plain), width);
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

function list(node: List, width: number, page: Page): string[] {
  const { theme } = page;
  const first = node.start ?? 1;
  const widest = String(first + node.children.length - 1).length;
  const loose = node.spread || node.children.some((item) => item.spread);
  return node.children.flatMap((item, index) => {
    const number = node.ordered ? `${String(first + index).padStart(widest)}. ` : '';
    const mark = number + box(item) || `${theme.sign.bullet} `;
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

/** Of a task. */
function box({ checked }: ListItem): string {
  if (checked === null || checked === undefined) return '';
  return checked ? '[x] ' : '[ ] ';
}

/** What `draw` makes of the width that is left, with `mark` before the first line and `next` before the others. */
function prefixed(mark: string, style: Style, width: number, draw: (width: number) => string[], next = mark) {
  const size = columns(mark);
  // Where nearly nothing is left beside the mark, it stands above.
  if (width - size < 4) return [...wrapRuns([{ text: mark, style }], width), ...draw(width)];
  const lines = draw(width - size);
  if (lines.length === 0) lines.push('');
  return lines.map((line, index) => {
    const before = index === 0 || next === mark ? style(mark) : pad('', size);
    return line === '' && next !== mark && index > 0 ? '' : before + line;
  });
}

function table({ align, children }: Table, width: number, page: Page): string[] {
  const { theme, Table } = page;
  const count = Math.max(...children.map((row) => row.children.length));
  // Rows may be shorter than the head, or longer.
  const places = Array.from({ length: count }, (_, at) => at);
  const rows = children.map((row, index) =>
    places.map((at) => {
      const cell = row.children[at]?.children ?? [];
      return inline(cell, page, index === 0 ? theme.strong : theme.plain);
    }),
  );
  const alignments = places.map((at) => (align?.[at] as AlignType | undefined) ?? 'left');
  return drawTable({ rows, alignments }, { width, theme, Table: Table! });
}

/** Refused by lint; here it is text, comments aside. */
function html(source: string, width: number, theme: Theme): string[] {
  const shown = source.replace(/<!--[\s\S]*?-->/g, '').trim();
  return shown === '' ? [] : wrapRuns([{ text: visible(shown, 'lines'), style: theme.dim }], width);
}

function inline(nodes: PhrasingContent[], page: Page, style: Style): Run[] {
  return nodes.flatMap((node) => phrase(node, page, style));
}

/** As exhaustive as `block`. */
function phrase(node: PhrasingContent, page: Page, style: Style): Run[] {
  const { theme } = page;
  switch (node.type) {
    case 'text':
      return [{ text: visible(node.value, 'lines'), style }];
    case 'inlineCode': {
      // Without colours only the backticks tell a command from a word.
      // A line may end within it, which stands for a space.
      const text = visible(node.value.replaceAll('\n', ' '));
      return [{ text: theme.colour ? text : `\`${text}\``, style: theme.code, whole: true }];
    }
    case 'emphasis':
      return inline(node.children, page, within(style, theme.emphasis));
    case 'strong':
      return inline(node.children, page, within(style, theme.strong));
    case 'delete': {
      const mark = { text: '~', style };
      if (!theme.colour) return [mark, ...inline(node.children, page, style), mark];
      return inline(node.children, page, within(style, theme.struck));
    }
    case 'link':
      return link(inline(node.children, page, within(style, theme.link)), node, page);
    case 'linkReference': {
      const target = page.definitions.get(node.identifier);
      return link(inline(node.children, page, within(style, theme.link)), target, page);
    }
    case 'image':
      return link([picture(node.alt, style)], node, page);
    case 'imageReference':
      return link([picture(node.alt, style)], page.definitions.get(node.identifier), page);
    case 'footnoteReference':
      return [{ text: `[${numberOf(node.identifier, page)}]`, style: theme.dim }];
    case 'break':
      return [lineBreak];
    case 'html':
      return node.value.startsWith('<!--') ? [] : [{ text: visible(node.value), style: theme.dim }];
  }
}

function picture(alt: string | null | undefined, style: Style): Run {
  return { text: visible(alt || 'picture', 'lines'), style };
}

/** The parser makes references of those alone that are defined. */
function numberOf(label: string, { referred }: Page): number {
  if (!referred.includes(label)) referred.push(label);
  return referred.indexOf(label) + 1;
}

/** A terminal can't be relied on to follow a link: the address stands after its words, and its title as Markdown has it. */
function link(
  words: Run[],
  target: { url: string; title?: string | null } | undefined,
  { theme }: Page,
): Run[] {
  const url = target?.url ?? '';
  const title = target?.title ? ` "${visible(target.title, 'lines')}"` : '';
  const said = words.map((run) => run.text).join('');
  const known = url === '' || url.startsWith('#') || said === visible(url.replace(/^mailto:/, ''));
  const address = `${known ? '' : visible(url)}${title}`.trim();
  if (address === '') return words;
  return [
    ...words,
    { text: ' ', style: theme.plain },
    { text: `(${address})`, style: theme.dim, whole: true },
  ];
}

function within(outer: Style, inner: Style): Style {
  return (text) => outer(inner(text));
}
