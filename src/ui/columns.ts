import { eastAsianWidth } from 'get-east-asian-width';

// string-width has the same rules, but its import alone builds an Intl.Segmenter: 12 to 20 ms that most runs don't need.
let segmenter: Intl.Segmenter | undefined;

/** One column a character, and no clusters: ASCII, Latin letters, dashes, quotes, and the theme's signs. */
const narrow =
  /^[\x20-\x7e\u00a1-\u00a8\u00aa-\u00ac\u00af-\u02ff\u2010-\u2027\u2190-\u2193\u2500-\u259f\u25cb\u2713\u2717]*$/;
const nothing = /^[\p{Default_Ignorable_Code_Point}\p{Mn}\p{Me}\p{Cc}\p{Cs}]*$/u;
const picture = /\p{Emoji_Presentation}|\ufe0f|\p{RI}\p{RI}/u;

/** Grapheme clusters: what a reader takes for one character. */
export function clustersOf(text: string): string[] {
  if (narrow.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** The same one by one, for who needs but the first of a long text. */
export function* eachCluster(text: string): Generator<string, void, undefined> {
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** Terminal columns that a text without escape codes takes. */
export function columns(text: string): number {
  if (narrow.test(text)) return text.length;
  let sum = 0;
  for (const cluster of clustersOf(text)) sum += columnsOfCluster(cluster);
  return sum;
}

function columnsOfCluster(cluster: string): number {
  if (nothing.test(cluster)) return 0;
  if (picture.test(cluster)) return 2;
  return eastAsianWidth(cluster.codePointAt(0)!);
}

/** The text cut to at most `width` columns; where something is missing it ends with `mark`. */
export function cut(text: string, width: number, mark = '…'): string {
  // No character takes less than nothing: only the beginning of a huge value can matter.
  const long = text.length > width * 40 + 200;
  const start = long ? text.slice(0, width * 40 + 200) : text;
  if (!long && columns(text) <= width) return text;
  const room = width - columns(mark);
  if (room < 0) return '';
  return take(start, room) + mark;
}

/** The same, where both ends are kept. */
export function cutMiddle(text: string, width: number, mark = '…'): string {
  if (columns(text) <= width) return text;
  const room = width - columns(mark);
  if (room < 0) return '';
  const clusters = clustersOf(text);
  let end = clusters.length;
  for (let sum = 0; end > 0 && sum + columns(clusters[end - 1]!) <= Math.floor(room / 2); end--)
    sum += columns(clusters[end - 1]!);
  return take(text, Math.ceil(room / 2)) + mark + clusters.slice(end).join('');
}

/** As many clusters from the beginning as fit into `width` columns. */
export function take(text: string, width: number): string {
  let sum = 0;
  let taken = '';
  for (const cluster of eachCluster(text)) {
    sum += columns(cluster);
    if (sum > width) break;
    taken += cluster;
  }
  return taken;
}

/** Filled with spaces to at least `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/** What each of several columns gets of the room: the narrow ones all they want, the others equal parts of what is left. */
export function shares(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  const byWidth = [...natural.keys()].sort((a, b) => natural[a]! - natural[b]!);
  let left = room;
  for (const [done, at] of byWidth.entries()) {
    widths[at] = Math.min(natural[at]!, Math.floor(left / (byWidth.length - done)));
    left -= widths[at]!;
  }
  return widths;
}
