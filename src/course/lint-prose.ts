import type { Html, Nodes, Paragraph, Root } from 'mdast';
import type { Position, Problem } from './course.ts';
import type { LessonDraft } from './lesson.ts';
import { nodesIn, offsets } from './markdown.ts';
import { error, warning } from './problem.ts';
import { parseProse } from './prose.ts';
import { didYouMean } from './suggest.ts';
import { entry } from './yaml-tree.ts';

/** A piece of Markdown, and where an offset of it stands in its file. */
export interface Prose {
  text: string;
  root: Root;
  at(offset: number): Position;
}

/** All Markdown of a lesson: first the file itself, then the hints, which stand in YAML. */
export function proseIn({ lesson, markdown, source, trees }: LessonDraft): Prose[] {
  const hints = lesson.steps.flatMap(({ exercise }) => {
    const list = exercise && entry(trees.get(exercise), 'hints');
    return list?.kind === 'list' ? list.items : [];
  });
  return [
    { text: markdown, root: parseProse(markdown), at: (offset) => source.at(offset) },
    ...hints.flatMap((hint) => {
      if (hint.kind !== 'scalar' || typeof hint.value !== 'string') return [];
      const { value: text, at } = hint;
      // Where YAML folds or unescapes the text, all of it is in one place.
      const start = source.text.indexOf(text, source.offset(at));
      const asWritten = start >= 0 && start <= source.offset(at) + 1;
      return {
        text,
        root: parseProse(text),
        at: (offset: number) => (asWritten ? source.at(start + offset) : at),
      };
    }),
  ];
}

/** What would not be drawn as it was meant: HTML, what was to be a table, and references to nothing. */
export function* proseProblems(prose: Prose): Generator<Problem> {
  const nodes = [...nodesIn(prose.root)];
  const known = new Set<string>();
  for (const node of nodes) {
    if (node.type === 'html') yield* htmlProblems(node, prose, known);
    if (node.type === 'paragraph') yield* tableProblems(node, prose);
  }
  yield* referenceProblems(nodes, prose);
}

/** What to write instead of an element of HTML. */
const INSTEAD: Record<string, string> = {
  br: 'end the line with a backslash or two spaces',
  hr: 'write a line of ---',
  p: 'part paragraphs by an empty line',
  div: 'part paragraphs by an empty line',
  a: 'write [words](address)',
  img: 'write ![words](address)',
  pre: 'write a fence of three backticks',
  blockquote: 'begin the lines with >',
  ...byName('b strong', 'write **words**'),
  ...byName('i em', 'write *words*'),
  ...byName('s del strike', 'write ~~words~~'),
  ...byName('code kbd samp tt', 'write `words`'),
  ...byName('ul li', 'begin the lines with -'),
  ...byName('ol', 'begin the lines with 1.'),
  ...byName('h1 h2 h3 h4 h5 h6', 'begin the line with ###'),
  ...byName('table thead tbody tr th td', 'write a table of | pipes |'),
  ...byName(
    'span font center details summary sub sup u small style script iframe video picture source',
    'leave it out',
  ),
};
const TAG = /<(\/?)([A-Za-z][A-Za-z0-9-]*)/g;

/** `known` are the names that were opened before, whose ends say nothing new. */
function* htmlProblems(node: Html, { text, at }: Prose, known: Set<string>): Generator<Problem> {
  const { start, end } = offsets(node);
  const raw = text.slice(start, end).replace(/<!--[\s\S]*?(?:-->|$)/g, blank);
  if (raw.trim() === '') return;
  const tags = [...raw.matchAll(TAG)];
  if (tags.length === 0)
    yield error(
      at(start + raw.search(/\S/)),
      'This is HTML, which is not drawn on a terminal.',
      'leave it out',
    );
  for (const { 1: ends, 2: written, index } of tags) {
    const name = written!.toLowerCase();
    if (ends && known.has(name)) continue;
    known.add(name);
    yield error(
      at(start + index),
      `<${ends}${written}> is HTML, which is not drawn on a terminal.`,
      Object.hasOwn(INSTEAD, name)
        ? INSTEAD[name]
        : 'put it between backticks, or write \\< for the sign itself',
    );
  }
}

/** The line below the head of a table. */
const DASHES = /^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/gm;

function* tableProblems(node: Paragraph, { text, at }: Prose): Generator<Problem> {
  const { start, end } = offsets(node);
  for (const { 0: line, index } of text.slice(start, end).matchAll(DASHES)) {
    if (!line.includes('|')) continue;
    yield error(
      at(start + index + line.search(/[|:-]/)),
      'The table with this line is none, and reads as a paragraph.',
      'put its head right above, with as many cells as there are dashes here, and an empty line before',
    );
  }
}

/** Brackets that were meant to refer to something: `[words][label]`, `[words][]`, `![words]`, `[^label]`; not `rows[0][1]`. */
const REFERENCE = /(?:!|(?<!\w))\[([^[\]]*)\]\[([^[\]]*)\]|!\[([^[\]]+)\]|\[(\^[^[\]\s]+)\]/g;
const BLOCKS = ['paragraph', 'heading', 'tableCell'];
const READ = ['inlineCode', 'html', 'link', 'image', 'linkReference', 'imageReference', 'footnoteReference'];

function* referenceProblems(nodes: Nodes[], { text, at }: Prose): Generator<Problem> {
  const labels = new Map<string, string>();
  const referred = new Set<string>();
  for (const node of nodes) {
    if (node.type === 'footnoteReference') referred.add(node.identifier);
    if (node.type !== 'definition' && node.type !== 'footnoteDefinition') continue;
    const mark = node.type === 'definition' ? '' : '^';
    const label = mark + (node.label ?? node.identifier);
    if (labels.has(mark + node.identifier)) {
      yield warning(
        at(offsets(node).start),
        `[${label}] is defined above; this is not shown.`,
        'keep one of them, or give it another name',
      );
    }
    labels.set(mark + node.identifier, label);
  }
  for (const node of nodes) {
    if (node.type === 'footnoteDefinition' && !referred.has(node.identifier)) {
      yield warning(
        at(offsets(node).start),
        `Nothing refers to the footnote [^${node.label}], so it is not shown.`,
        'refer to it, or take it out',
      );
    }
    if (!BLOCKS.includes(node.type)) continue;
    const { start, end } = offsets(node);
    // What was understood, and what is escaped, is no reference any more.
    let raw = text.slice(start, end);
    for (const inner of nodesIn(node)) {
      if (!READ.includes(inner.type)) continue;
      const [from, to] = [offsets(inner).start - start, offsets(inner).end - start];
      raw = raw.slice(0, from) + blank(raw.slice(from, to)) + raw.slice(to);
    }
    for (const { 1: words, 2: given, 3: alt, 4: footnote, index } of raw
      .replace(/\\./g, blank)
      .matchAll(REFERENCE)) {
      const label = footnote ?? alt ?? (given || words!);
      if (label.trim() === '') continue;
      yield error(
        at(start + index),
        `Nothing defines [${label}].`,
        didYouMean(label, labels.values()) ??
          `add a line "[${label}]: ...", or write \\[ for the sign itself`,
      );
    }
  }
}

function byName(names: string, instead: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, instead]));
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
