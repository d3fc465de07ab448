import type { Reply } from '../../redis/reply.ts';
import { comparable, showComparable } from '../values/comparable.ts';
import { showError } from './show.ts';

/** A reply in one line: `OK`, `"18"`, `(error) WRONGTYPE ...`. */
export function replyText(reply: Reply): string {
  if (reply.type === 'error') return `(error) ${showError(reply.bytes.toString())}`;
  return reply.type === 'status' ? reply.bytes.toString() : showComparable(comparable(reply));
}
