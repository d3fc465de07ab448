import { columns, cut, cutMiddle } from './columns.ts';

/** No word is cut below this. */
const SHORTEST = 8;

/**
 * A command of these words and what it answered, of at most `room` columns: below each other where one line can't hold
 * both. Then the longest words give way first.
 */
export function commandLines(words: readonly string[], answer: string, room: number, more: string): string[] {
  const line = `${words.join(' ')} ${answer}`;
  if (columns(line) <= room) return [line];
  return [fitted(words, room, more), `  ${cut(answer, Math.max(1, room - 2), more)}`];
}

function fitted(words: readonly string[], room: number, more: string): string {
  let most = Math.min(room, Math.max(...words.map(columns)));
  let line = words.join(' ');
  for (; columns(line) > room && most >= SHORTEST; most--)
    line = words.map((word) => cutWord(word, most, more)).join(' ');
  return cut(line, room, more);
}

/** Of text in quotes, such as a script, the beginning says most; of a name, both ends do. */
function cutWord(word: string, width: number, more: string): string {
  const quote = /^["']/.exec(word)?.[0];
  if (columns(word) <= width) return word;
  return quote ? cut(word, width - 1, more) + quote : cutMiddle(word, width, more);
}
