import { clustersOf, columns, eachCluster, take } from './columns.ts';
import type { Style, Theme } from './theme.ts';
import { visible } from './visible.ts';

/** A stretch of text in one style. `whole`: better not broken at its spaces, like a command. */
export interface Run {
  text: string;
  style: Style;
  whole?: boolean;
}

/** A run that ends the line. */
export const lineBreak: Run = { text: '\n', style: (text) => text };

interface Piece {
  text: string;
  style: Style;
  columns: number;
}

/** Pieces that stay together, and whether a space parts them from what comes before. */
interface Word {
  pieces: Piece[];
  columns: number;
  spaced: boolean;
  /** Style of the space before. */
  spaceStyle: Style;
}

/** Between characters of these scripts a line may break without a space. */
const ideograph = /[\u2e80-\u2fff\u3040-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\u{20000}-\u{3fffd}]/u;
/** Marks that never begin a line. */
const closing = /^[、。，．：；！？）」』】〉》〕ー々％]/;

/** Lines of at most `width` columns. Words break only where a line can't hold one. */
export function wrapRuns(runs: Run[], width: number): string[] {
  const lines: string[] = [];
  let line: Piece[] = [];
  let used = 0;
  const end = () => {
    lines.push(draw(line));
    line = [];
    used = 0;
  };
  for (const item of wordsOf(runs, width)) {
    if (item === 'break') {
      end();
      continue;
    }
    const space = item.spaced && used > 0 ? 1 : 0;
    if (used > 0 && used + space + item.columns > width) end();
    else if (space) {
      line.push({ text: ' ', style: item.spaceStyle, columns: 1 });
      used += 1;
    }
    for (const piece of item.pieces) {
      let rest = piece;
      while (used + rest.columns > width) {
        const [head, tail] = split(rest, width - used, used === 0);
        line.push(head);
        end();
        rest = tail;
      }
      if (rest.text !== '') line.push(rest);
      used += rest.columns;
    }
  }
  if (line.length > 0) end();
  return lines;
}

/** Plain text as lines; what stands between backticks is drawn as code. Line feeds in it are kept. */
export function wrapText(text: string, width: number, theme: Theme, style: Style = theme.plain): string[] {
  return text.split('\n').flatMap((part) => {
    const lines = wrapRuns(runsOf(part, theme, style), width);
    return lines.length > 0 ? lines : [''];
  });
}

/** Text of one line with its `code` drawn as such. */
export function styled(text: string, theme: Theme, style: Style = theme.plain): string {
  return draw(runsOf(text, theme, style).map((run) => ({ ...run, columns: 0 })));
}

function runsOf(text: string, theme: Theme, style: Style): Run[] {
  // Without colours the backticks themselves tell code from words.
  return text.split(/(`[^`]+`)/).flatMap((part, index) => {
    if (part === '') return [];
    if (index % 2 === 0) return { text: visible(part), style };
    return { text: visible(theme.colour ? part.slice(1, -1) : part), style: theme.code, whole: true };
  });
}

function wordsOf(runs: Run[], width: number): (Word | 'break')[] {
  const words: (Word | 'break')[] = [];
  let word: Word | undefined;
  let spaced = false;
  let spaceStyle: Style = (text) => text;
  const add = (text: string, style: Style) => {
    const piece = { text, style, columns: columns(text) };
    if (!word) {
      word = { pieces: [], columns: 0, spaced, spaceStyle };
      words.push(word);
    }
    word.pieces.push(piece);
    word.columns += piece.columns;
    spaced = false;
  };
  for (const run of runs) {
    if (run === lineBreak) {
      words.push('break');
      word = undefined;
      spaced = false;
      continue;
    }
    if (run.whole && columns(run.text) <= width) {
      add(run.text, run.style);
      continue;
    }
    for (const part of run.text.split(/([ \t\n]+)/)) {
      if (part === '') continue;
      if (/^[ \t\n]/.test(part)) {
        word = undefined;
        spaced = true;
        spaceStyle = run.style;
      } else if (!ideograph.test(part)) add(part, run.style);
      else {
        for (const cluster of clustersOf(part)) {
          if (ideograph.test(cluster) && !closing.test(cluster)) word = undefined;
          add(cluster, run.style);
        }
      }
    }
  }
  return words;
}

/** As much as fits, and the rest. `force` takes at least one cluster, so that a wide one can't stop us for ever. */
function split(piece: Piece, room: number, force: boolean): [Piece, Piece] {
  let head = '';
  let used = 0;
  // Of a long text the beginning alone can matter.
  for (const cluster of eachCluster(piece.text.slice(0, room * 40 + 200))) {
    const size = columns(cluster);
    if (used + size > room && !(force && head === '')) break;
    head += cluster;
    used += size;
  }
  return [
    { text: head, style: piece.style, columns: used },
    { text: piece.text.slice(head.length), style: piece.style, columns: piece.columns - used },
  ];
}

/** Neighbours of one style are styled as one: fewer escape codes, and underlines without gaps. */
function draw(pieces: { text: string; style: Style }[]): string {
  let drawn = '';
  let at = 0;
  while (at < pieces.length) {
    const { style } = pieces[at]!;
    let text = '';
    while (at < pieces.length && pieces[at]!.style === style) text += pieces[at++]!.text;
    drawn += style(text);
  }
  return drawn;
}

/** Runs as one line of at most `width` columns; where something is missing it ends with the theme's sign for it. */
export function cutRuns(runs: Run[], width: number, theme: Theme): string {
  if (columnsOf(runs) <= width) return draw(runs);
  const mark = theme.sign.more;
  let room = width - columns(mark);
  if (room < 0) return '';
  const kept: Run[] = [];
  for (const run of runs) {
    const text = take(run.text, room);
    room -= columns(text);
    kept.push({ text, style: run.style });
    if (text !== run.text) break;
  }
  const { style } = kept.at(-1)!;
  return draw([...kept, { text: mark, style }]);
}

export function columnsOf(runs: Run[]): number {
  return runs.reduce((total, run) => total + columns(run.text), 0);
}
