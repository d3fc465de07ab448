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
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map((n): Reply => ({ type: 'integer', text: String(n) })),
    fc.bigInt().map((n): Reply => ({ type: 'big-number', text: String(n) })),
    fc.double().map((n): Reply => ({ type: 'double', text: String(n).replace('Infinity', 'inf') })),
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

  test('knows the nulls of both protocols', () => {
    const nil = { type: 'nil' };
    expect(decode([Buffer.from('$-1\r\n*-1\r\n_\r\n=-1\r\n%-1\r\n')])).toEqual([nil, nil, nil, nil, nil]);
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

  // As redis-cli 7.0.15 and 8.0 do, seen with a server that sends these bytes.
  test.each([
    ['?', 'Protocol error, got "?" as reply type byte'],
    ['|1\r\n', 'Protocol error, got "|" as reply type byte'],
    ['!5\r\nERR x\r\n', 'Protocol error, got "!" as reply type byte'],
    ['*1\r\n"', 'Protocol error, got "\\"" as reply type byte'],
    ['\0\r\n', 'Protocol error, got "\\x00" as reply type byte'],
    ['+a\nb\r\n', 'Bad simple string value'],
    ['-a\rb\r\n', 'Bad simple string value'],
    [':1x\r\n', 'Bad integer value'],
    [':+5\r\n', 'Bad integer value'],
    [':007\r\n', 'Bad integer value'],
    [':9223372036854775808\r\n', 'Bad integer value'],
    [',\r\n', 'Bad double value'],
    [',1x\r\n', 'Bad double value'],
    [',infinity\r\n', 'Bad double value'],
    [',1e400\r\n', 'Bad double value'],
    [`,${'0'.repeat(326)}\r\n`, 'Double value is too large'],
    ['(1.5\r\n', 'Bad bignum value'],
    ['#x\r\n', 'Bad bool value'],
    ['_x\r\n', 'Bad nil value'],
    ['$?\r\n', 'Bad bulk string length'],
    ['$-2\r\n', 'Bulk string length out of range'],
    ['*?\r\n', 'Bad multi-bulk length'],
    ['%-2\r\n', 'Multi-bulk length out of range'],
    ['*4294967296\r\n', 'Multi-bulk length out of range'],
    ['=3\r\ntxt\r\n', 'Verbatim string 4 bytes of content type are missing or incorrectly encoded.'],
  ])('refuses %j', (sent, words) => {
    expect(() => decode([Buffer.from(sent, 'latin1')])).toThrow(new ProtocolError(words));
  });

  test.each([',1e-400', ',.5', ',5.', ',+1', ',-InF', ',nan', '#T', '(-'])('takes %j', (line) => {
    expect(decode([Buffer.from(`${line}\r\n`)])).toHaveLength(1);
  });
});
