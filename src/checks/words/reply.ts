import { hasCursor } from '../../redis/command-facts.ts';
import type { Reply } from '../../redis/reply.ts';
import { type Comparable, comparable, inOrder, orderOf, showComparable } from '../values/comparable.ts';
import { showError } from './show.ts';

/** The reply to a command in one line: `OK`, `"18"`, `(error) WRONGTYPE ...`. */
export function replyText(reply: Reply, args: readonly Buffer[]): string {
  if (reply.type === 'error') return `(error) ${showError(reply.bytes.toString())}`;
  return reply.type === 'status' ? reply.bytes.toString() : answerText(comparable(reply), args);
}

/** The same of what is no error. What differs from server to server, the order of a set and a cursor, does not show. */
export function answerText(answer: Comparable, args: readonly Buffer[]): string {
  if (!hasCursor(args) || !Array.isArray(answer) || answer.length !== 2)
    return showComparable(inOrder(answer, orderOf(args)));
  const [cursor, page] = answer as [Comparable, Comparable];
  return `${cursorText(cursor)} and [${showComparable(inOrder(page, orderOf(args)))}]`;
}

/** Where a scan is to go on, in no order that anybody knows; 0 is its end. */
export function cursorText(cursor: Comparable): string {
  return String(cursor) === '0' ? '0' : 'another cursor than 0';
}
