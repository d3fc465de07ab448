import { stripVTControlCharacters } from 'node:util';
import type CliTable from 'cli-table3';
import { columns, shares } from './columns.ts';
import type { Theme } from './theme.ts';
import { columnsOf, type Run, wrapRuns } from './wrap.ts';

/** cli-table3 itself, which is loaded where there is a table to draw. */
export type TableMaker = typeof CliTable;
export type Alignment = 'left' | 'center' | 'right';

/** Cells are words and their styles; the first row is the head. All rows have as many cells as there are alignments. */
export interface TableContent {
  rows: Run[][][];
  alignments: Alignment[];
}

/** A column of words is not read below this. */
const NARROWEST = 6;
/** Left, right and between columns: a border, and a space on each side of a cell. */
const AROUND = 3;
/** One column wide by anybody's count, and part of no border. */
const STAND_IN = 'x';

/** Lines of at most `width` columns: a table whose cells wrap or, where they would be too narrow, each cell by itself. */
export function drawTable(
  { rows, alignments }: TableContent,
  { width, theme, Table }: { width: number; theme: Theme; Table: TableMaker },
): string[] {
  const natural = alignments.map((_, at) => Math.max(1, ...rows.map((row) => columnsOf(row[at]!))));
  const widths = shares(natural, width - alignments.length * AROUND - 1);
  if (widths.some((share, at) => share < Math.min(NARROWEST, natural[at]!)))
    return cellByCell(rows, width, theme);
  const wrapped = rows.map((row) => row.map((cell, at) => wrapRuns(cell, widths[at]!)));
  const tall = wrapped.some((row) => row.some((cell) => cell.length > 1));
  // cli-table3 counts columns by older rules than ours, and cuts what it takes for too wide. So it gets stand-ins of
  // the right width, whose places the lines take in the order in which they are drawn.
  const lines: string[] = [];
  const [head, ...body] = wrapped.map((row) => {
    const height = Math.max(...row.map((cell) => cell.length));
    for (let at = 0; at < height; at++) lines.push(...row.flatMap((cell) => cell[at] || []));
    return row.map((cell) => cell.map(standIn).join('\n'));
  });
  const table = new Table({
    head: head!,
    chars: bordersOf(theme),
    colWidths: widths.map((each) => each + AROUND - 1),
    colAligns: alignments,
    style: { head: [], border: [], compact: !tall },
  });
  table.push(...body);
  const drawn = table.toString().replaceAll(new RegExp(`${STAND_IN}+`, 'g'), () => lines.shift()!);
  return drawn.split('\n');
}

function standIn(line: string): string {
  return line === '' ? '' : STAND_IN.repeat(Math.max(1, columns(stripVTControlCharacters(line))));
}

/** `header: value`, a line each, and an empty line between rows. */
function cellByCell([head, ...rows]: Run[][][], width: number, theme: Theme): string[] {
  if (rows.length === 0) return head!.flatMap((cell) => wrapRuns(cell, width));
  const colon = { text: ': ', style: theme.plain };
  return rows.flatMap((row, index) => [
    ...(index > 0 ? [''] : []),
    ...row.flatMap((cell, at) => {
      const name = head![at]!;
      return wrapRuns(name.length > 0 ? [...name, colon, ...cell] : cell, width);
    }),
  ]);
}

/** For cli-table3: its own borders, or those of plain ASCII where the terminal draws no others. */
export function bordersOf({ unicode }: Theme): Partial<Record<CliTable.CharName, string>> {
  return unicode ? {} : ascii;
}

const ascii = {
  top: '-',
  'top-mid': '+',
  'top-left': '+',
  'top-right': '+',
  bottom: '-',
  'bottom-mid': '+',
  'bottom-left': '+',
  'bottom-right': '+',
  left: '|',
  'left-mid': '+',
  mid: '-',
  'mid-mid': '+',
  right: '|',
  'right-mid': '+',
  middle: '|',
};
