import type { Code, Heading, Nodes, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFootnoteFromMarkdown } from 'mdast-util-gfm-footnote';
import { gfmFootnote } from 'micromark-extension-gfm-footnote';
import type { Position, Problem } from './course.ts';
import { error } from './problem.ts';
import { parseProse } from './prose.ts';
import type { Region, Source } from './source.ts';
import { didYouMean } from './suggest.ts';

/** A lesson's Markdown cut into the pieces that it is made of, nothing read yet. */
export interface LessonPieces {
  /** The YAML between the two lines of `---` at the top. */
  front?: Region;
  /** The text of `# Title`, where there is one. */
  title?: { text: string; at: Position };
  sections: Section[];
  /** All of the file, with blanks in place of the front matter so that offsets hold; empty where it can't be parsed. */
  markdown: string;
  /** What links and footnotes of the whole lesson refer to. */
  definitions: Definition[];
  problems: Problem[];
}

/** `[label]: address`, or `[^label]: footnote`. */
export interface Definition extends Region {
  /** In small letters, as references are compared; with the `^` of a footnote. */
  label: string;
}

/** From one `##` heading to the next; what comes before the first has no title. */
export interface Section {
  title?: string;
  at: Position;
  pieces: Piece[];
}

/** `paragraph` and `other` are prose; runs of them belong together. */
export interface Piece extends Region {
  kind: 'paragraph' | 'other' | 'demo' | 'exercise';
  at: Position;
}

/** Block structure is all we need: without these, no text makes the parser slow. */
const INLINE = [
  'attention',
  'autolink',
  'characterEscape',
  'characterReference',
  'codeText',
  'hardBreakEscape',
  'htmlText',
  'labelEnd',
  'labelStartImage',
  'labelStartLink',
];
const MARKS = /^(?:\s{0,8}(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]))*/;
const FENCES = ['redis demo', 'yaml exercise'];
const OPENING = /^[ \t]*[`~]+[ \t]*(?:redis[ \t]+demo|yaml[ \t]+exercise)[ \t]*$/m;

/** Never throws, whatever the text. */
export function cutLesson(source: Source): LessonPieces {
  const problems: Problem[] = [];
  const report = (at: Position, message: string, hint?: string): void => {
    problems.push(error(at, message, hint));
  };
  const { front, body } = frontMatter(source, report);
  const result: LessonPieces = {
    ...(front ? { front } : {}),
    sections: [],
    markdown: '',
    definitions: [],
    problems,
  };

  const deep = tooDeepAt(source.text, body);
  if (deep >= 0) {
    report(source.at(deep), 'Lists and quotes are nested too deep here.');
    return result;
  }
  result.markdown = source.text.slice(0, body).replace(/[^\n]/g, ' ') + source.text.slice(body);
  const root = fromMarkdown(result.markdown, {
    extensions: [{ document: gfmFootnote().document! }, { disable: { null: INLINE } }],
    mdastExtensions: [gfmFootnoteFromMarkdown()],
  });

  let section: Section | undefined;
  const current = (at: Position): Section => {
    if (!section) {
      section = { at, pieces: [] };
      result.sections.push(section);
    }
    return section;
  };
  for (const node of root.children) {
    const { start, end } = offsets(node);
    const at = source.at(start);
    if (node.type === 'heading' && node.depth <= 2) {
      const words = headingText(node, source);
      if (words === '') report(at, 'This heading is empty.');
      if (node.depth === 2) {
        section = { title: words, at, pieces: [] };
        result.sections.push(section);
      } else if (result.title || result.sections.length > 0) {
        report(at, 'A lesson has one "# Title", at its top.', 'begin a step with "##"');
      } else {
        result.title = { text: words, at };
      }
    } else if (node.type === 'code' && isFence(node, source)) {
      const piece = fence(node, source, report);
      current(at).pieces.push(piece);
    } else if (!isComment(node)) {
      for (const inner of nodesIn(node)) {
        if (inner.type === 'definition' || inner.type === 'footnoteDefinition') {
          const label = (inner.type === 'definition' ? '' : '^') + inner.identifier;
          result.definitions.push({ label, source, ...offsets(inner) });
        }
        if (inner.type === 'code' && FENCES.includes(info(inner))) {
          report(
            source.at(offsets(inner).start),
            `A \`${info(inner)}\` block does not run inside a list or a quote.`,
            'put it at the left margin',
          );
        }
      }
      // These are shown where something refers to them.
      if (node.type === 'definition' || node.type === 'footnoteDefinition') continue;
      slips(node, source, report);
      current(at).pieces.push({
        kind: node.type === 'paragraph' ? 'paragraph' : 'other',
        source,
        start,
        end,
        at,
      });
    }
  }
  return result;
}

type Report = (at: Position, message: string, hint?: string) => void;

function frontMatter(source: Source, report: Report): { front?: Region; body: number } {
  const { text } = source;
  const open = text.match(/^---[ \t]*(?:\n|$)/);
  if (!open) {
    report(
      source.at(0),
      'The front matter is missing.',
      'begin the lesson with lines of ---, title: ..., minutes: ..., commands: [...], ---',
    );
    return { body: 0 };
  }
  const close = /^---[ \t]*$/gm;
  close.lastIndex = open[0].length;
  const found = close.exec(text);
  if (!found) {
    report(source.at(0), 'The front matter is never closed.', 'end it with a line of ---');
    return { body: text.length };
  }
  const front = { source, start: open[0].length, end: found.index };
  // A step inside means that this `---` closes something else, far below; `# ` would be a YAML comment.
  const heading = text.slice(front.start, front.end).search(/^## /m);
  if (heading >= 0) {
    report(
      source.at(0),
      'The front matter is never closed.',
      'end it with a line of --- before the first heading',
    );
  }
  return { front, body: found.index + found[0].length };
}

/** What was meant to be a fence or a heading, and reads as prose. */
function slips(node: RootContent, source: Source, report: Report): void {
  const { start, end } = offsets(node);
  const text = source.text.slice(start, end);
  if (node.type === 'html' && text.startsWith('<!--') && !text.includes('-->'))
    report(
      source.at(start),
      'This comment is never closed: all that follows belongs to it.',
      'close it with -->',
    );
  if (node.type === 'paragraph' && /^#{2,6}[^#\s]/.test(text))
    report(source.at(start), 'This heading reads as a paragraph.', 'put a space after the #');
  const fence = node.type === 'list' || node.type === 'blockquote' ? -1 : text.search(OPENING);
  if (fence >= 0)
    report(
      source.at(start + fence + text.slice(fence).search(/\S/)),
      'This fence does not open a block.',
      'write three backticks at the left margin, with an empty line before where HTML comes first',
    );
}

/** A code block is a fence or indented text; only fences say what they are. */
function isFence(node: Code, source: Source): boolean {
  return /^[`~]/.test(source.text.slice(offsets(node).start, offsets(node).start + 1));
}

function fence(node: Code, source: Source, report: Report): Piece {
  const { start, end } = offsets(node);
  const at = source.at(start);
  const raw = source.text.slice(start, end);
  const mark = raw.match(/^(`{3,}|~{3,})/)![0];
  const firstLine = raw.indexOf('\n');
  const lastLine = raw.lastIndexOf('\n');
  const last = raw.slice(lastLine + 1).match(/^ {0,3}(`{3,}|~{3,})[ \t]*$/)?.[1];
  const closed = firstLine >= 0 && last !== undefined && last.startsWith(mark);
  const words = info(node);
  const ours = FENCES.includes(words);
  // The end of a later fence closes this one; a fence that opens inside gives it away. To show one of ours in another
  // block, that has a longer fence.
  const inside = ours
    ? /\n {0,3}(?:```|~~~)[^\n`]*\w/
    : new RegExp(`\\n {0,3}${mark}[ \\t]*(?:${FENCES.join('|')})`);
  const swallows = inside.test(raw);
  if (!closed || swallows) {
    report(
      at,
      'This fence is never closed: all that follows reads as code.',
      `close it with a line of ${mark}`,
    );
  }
  const piece: Piece = {
    // What an open demo swallows is no commands.
    kind:
      words === 'redis demo' && closed && !swallows
        ? 'demo'
        : words === 'yaml exercise' && !swallows
          ? 'exercise'
          : 'other',
    source,
    start,
    end,
    at,
  };
  if (piece.kind !== 'other') {
    // What is inside, its own indentation included: columns stay true.
    piece.start = firstLine < 0 ? end : start + firstLine + 1;
    piece.end = closed ? Math.max(piece.start, start + lastLine) : end;
  } else if ((node.meta || /\b(?:demo|exercise)$/i.test(words)) && !ours) {
    // The language of ordinary code stands alone; a second word is a slip in one of ours.
    const guess =
      didYouMean(words, FENCES) ??
      didYouMean(`redis ${words}`, FENCES) ??
      didYouMean(`yaml ${words}`, FENCES);
    if (guess || node.lang === 'redis' || node.lang === 'yaml') {
      report(
        at,
        `Nothing reads a block \`${words}\`.`,
        guess ?? 'the blocks are `redis demo` and `yaml exercise`',
      );
    }
  }
  return piece;
}

function info(node: Code): string {
  return `${node.lang ?? ''} ${node.meta ?? ''}`.trim().replace(/\s+/g, ' ');
}

/** A node and all below it, in order. */
export function* nodesIn(node: Nodes): Generator<Nodes> {
  yield node;
  if ('children' in node) for (const child of node.children) yield* nodesIn(child);
}

function isComment(node: RootContent): boolean {
  return node.type === 'html' && /^\s*<!--[\s\S]*?-->\s*$/.test(node.value);
}

/** Most titles, which need no parser. */
const PLAIN = /^#{1,2}[ \t]+[A-Za-z0-9][A-Za-z0-9 ,.;:?'’-]*$/;

/** Plain words: a title is shown in menus and tables, where marks of emphasis and code are noise. */
function headingText(node: Heading, source: Source): string {
  const { start, end } = offsets(node);
  const line = source.text.slice(start, end).slice(0, 500);
  const heading = PLAIN.test(line) ? undefined : parseProse(line).children[0];
  const words = heading ? wordsOf(heading) : line.replace(/^#+/, '');
  return words.replace(/\s+/g, ' ').trim();
}

/** The text of a node as a reader sees it, without marks. */
export function wordsOf(node: Nodes): string {
  if ('children' in node) return node.children.map(wordsOf).join('');
  if ('alt' in node) return node.alt ?? '';
  if (node.type === 'html' && node.value.startsWith('<!--')) return '';
  return 'value' in node ? node.value : '';
}

/** Where a node stands in what was parsed. */
export function offsets(node: Nodes): { start: number; end: number } {
  return { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 };
}

/** Where lists or quotes nest deeper than anyone reads, or -1: the parser takes time by the square of the depth. */
function tooDeepAt(text: string, from: number): number {
  let offset = from;
  for (const line of text.slice(from).split('\n')) {
    const prefix = line.match(MARKS)![0];
    const count = prefix.match(/>|[-+*][ \t]|[.)][ \t]/g)?.length ?? 0;
    if (count > 12) return offset;
    offset += line.length + 1;
  }
  return -1;
}
