import { columns, cut, pad, shares } from './columns.ts';
import type { Style, Theme } from './theme.ts';

/** Something that one of several did, in a column of its own, or that happened to all, where nobody is named. */
export interface Happening {
  by?: string | undefined;
  style: Style;
  /** As lines of at most so many columns, which nothing in it needs to be gone over any more. */
  lines(room: number): string[];
  /** Nothing stands beside it: it may run on to the right edge. */
  wide?: boolean;
}

/** A drawing of who did what when: a text, without colours where there are none, for each of the happenings. */
export interface Lanes {
  /** The names over the columns; empty where they stand before each line instead. */
  head: string;
  /** In order; each may be of several lines. */
  drawn: string[];
}

const GAP = '  ';
/** Commands are not read in columns below this. */
const NARROWEST = 24;
const MOST_COLUMNS = 3;

/** A column for each of the names, or, where these would be too narrow, lines such as `A> GET stock:12`. */
export function drawLanes(
  names: readonly string[],
  happenings: readonly Happening[],
  { theme, width, inline = false }: { theme: Theme; width: number; inline?: boolean },
): Lanes {
  if (inline || names.length > MOST_COLUMNS) return belowEachOther(happenings, { width, theme });
  const natural = names.map((name) =>
    Math.max(
      columns(name),
      ...happenings
        .filter(({ by, wide }) => by === name && !wide)
        .flatMap(({ lines }) => lines(width).map(columns)),
    ),
  );
  const widths = shares(natural, width - GAP.length * (names.length - 1));
  const readable = widths.every((share, at) => share >= Math.min(NARROWEST, natural[at]!));
  return readable
    ? sideBySide(names, happenings, { widths, width, theme })
    : belowEachOther(happenings, { width, theme });
}

function sideBySide(
  names: readonly string[],
  happenings: readonly Happening[],
  { widths, width, theme }: { widths: number[]; width: number; theme: Theme },
): Lanes {
  const offsets = widths.map((_, at) => widths.slice(0, at).reduce((sum, one) => sum + one + GAP.length, 0));
  const total = offsets.at(-1)! + widths.at(-1)!;
  const heads = names.map((name, at) => (at === names.length - 1 ? name : pad(name, widths[at]!)));
  const drawn = happenings.map(({ by, style, lines, wide }) => {
    const at = by === undefined ? -1 : names.indexOf(by);
    if (at < 0)
      return lines(width)
        .map((line) => ' '.repeat(Math.max(0, Math.floor((total - columns(line)) / 2))) + style(line))
        .join('\n');
    const room = wide ? width - offsets[at]! : widths[at]!;
    return lines(room)
      .map((line) => ' '.repeat(offsets[at]!) + style(line))
      .join('\n');
  });
  return { head: theme.dim(heads.join(GAP)), drawn };
}

function belowEachOther(
  happenings: readonly Happening[],
  { width, theme }: { width: number; theme: Theme },
): Lanes {
  const drawn = happenings.map(({ by, style, lines }) => {
    const prefix = by === undefined ? '' : `${cut(by, Math.floor(width / 2), theme.sign.more)}> `;
    const indent = ' '.repeat(columns(prefix));
    return lines(Math.max(1, width - columns(prefix)))
      .map((line, at) => (at === 0 ? theme.dim(prefix) : indent) + style(line))
      .join('\n');
  });
  return { head: '', drawn };
}
