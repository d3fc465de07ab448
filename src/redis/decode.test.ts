import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolError, ReplyDecoder } from './decode.ts';
import type { Reply } from './reply.ts';

function decode(chunks: Buffer[]): Reply[] {
  const replies: Reply[] = [];
  const decoder = new ReplyDecoder((reply) => replies.push(reply));
  for (const chunk of chunks) decoder.write(chunk);
  return replies;
}

/** How a server would send a reply. */
function encode(reply: Reply): Buffer {
  const line = (text: string) => Buffer.from(`${text}\r\n`, 'latin1');
  const blob = (mark: string, bytes: Buffer) =>
    Buffer.concat([line(`${mark}${bytes.length}`), bytes, line('')]);
  switch (reply.type) {
    case 'status':
    case 'error':
      return line((reply.type === 'status' ? '+' : '-') + reply.bytes.toString('latin1'));
    case 'integer':
      return line(`:${reply.text}`);
    case 'double':
      return line(`,${reply.text}`);
    case 'big-number':
      return line(`(${reply.text}`);
    case 'boolean':
      return line(reply.value ? '#t' : '#f');
    case 'nil':
      return line('_');
    case 'bulk':
      return blob('$', reply.bytes);
    case 'verbatim':
      return blob('=', Buffer.concat([Buffer.from(`${reply.format}:`), reply.bytes]));
    case 'map':
      return Buffer.concat([line(`%${reply.entries.length}`), ...reply.entries.flat().map(encode)]);
    default:
      return Buffer.concat([
        line(`${{ array: '*', set: '~', push: '>' }[reply.type]}${reply.items.length}`),
        ...reply.items.map(encode),
      ]);
  }
}

const bytes = fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array));
const words = fc.constantFrom('OK', 'ERR \xff', '').map((word) => Buffer.from(word, 'latin1'));
const { reply } = fc.letrec<{ reply: Reply }>((tie) => ({
  reply: fc.oneof(
    { depthSize: 'small' },
    fc.constant<Reply>({ type: 'nil' }),
    fc.boolean().map((value): Reply => ({ type: 'boolean', value })),
    fc.bigInt().map((n): Reply => ({ type: 'integer', text: String(n) })),
    fc.bigInt().map((n): Reply => ({ type: 'big-number', text: String(n) })),
    fc.double().map((n): Reply => ({ type: 'double', text: String(n) })),
    words.map((word): Reply => ({ type: 'status', bytes: word })),
    words.map((word): Reply => ({ type: 'error', bytes: word })),
    bytes.map((value): Reply => ({ type: 'bulk', bytes: value })),
    bytes.map((value): Reply => ({ type: 'verbatim', format: 'mkd', bytes: value })),
    fc.array(tie('reply'), { maxLength: 4 }).map((items): Reply => ({ type: 'array', items })),
    fc.array(tie('reply'), { maxLength: 4 }).map((items): Reply => ({ type: 'set', items })),
    fc.array(tie('reply'), { maxLength: 4 }).map((items): Reply => ({ type: 'push', items })),
    fc
      .array(fc.tuple(tie('reply'), tie('reply')), { maxLength: 4 })
      .map((entries): Reply => ({ type: 'map', entries })),
  ),
}));

describe('decoding replies', () => {
  test('gives back what was sent, wherever the socket cuts it', () => {
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 5 }), fc.array(fc.nat({ max: 200 })), (replies, cuts) => {
        const sent = Buffer.concat(replies.map(encode));
        const places = [...cuts.filter((cut) => cut < sent.length), 0, sent.length].sort((a, b) => a - b);
        const chunks = places.slice(1).map((place, i) => sent.subarray(places[i], place));
        expect(decode(chunks)).toEqual(replies);
      }),
      { numRuns: 1000 },
    );
  });

  test('knows the nulls and errors of both protocols', () => {
    expect(decode([Buffer.from('$-1\r\n*-1\r\n_\r\n!5\r\nERR x\r\n')])).toEqual([
      { type: 'nil' },
      { type: 'nil' },
      { type: 'nil' },
      { type: 'error', bytes: Buffer.from('ERR x') },
    ]);
  });

  test('of a large value in small pieces takes time in proportion', () => {
    const piece = Buffer.alloc(4096, 'x');
    const chunks = [
      Buffer.from(`$${piece.length * 5000}\r\n`),
      ...Array(5000).fill(piece),
      Buffer.from('\r\n'),
    ];
    const [value] = decode(chunks);
    expect(value!.type === 'bulk' && value!.bytes.length).toBe(piece.length * 5000);
  });

  test.each(['?x\r\n', '|1\r\n', ':1x\r\n', '$x\r\n', '*-2\r\n', '#x\r\n'])('refuses %j', (line) => {
    expect(() => decode([Buffer.from(line)])).toThrow(ProtocolError);
  });
});
