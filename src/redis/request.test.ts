import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolError } from './decode.ts';
import { RequestDecoder } from './request.ts';

function decode(chunks: Buffer[]): string[][] {
  const decoder = new RequestDecoder();
  const requests = chunks.flatMap((chunk) => [...decoder.read(chunk)]);
  // Nothing is left out, not a byte.
  expect(Buffer.concat([...requests.map(({ raw }) => raw), decoder.rest])).toEqual(Buffer.concat(chunks));
  expect(decoder.rest).toHaveLength(decoder.pending);
  return requests.map(({ args }) => args.map((arg) => arg.toString('latin1')));
}

/** How a client would send a command. */
function encode(args: string[]): Buffer {
  const bulks = args.map((arg) => `$${arg.length}\r\n${arg}\r\n`);
  return Buffer.from(`*${args.length}\r\n${bulks.join('')}`, 'latin1');
}

/** The same bytes in pieces of any sizes. */
function torn(bytes: Buffer, cuts: number[]): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length));
}

describe('requests', () => {
  test('come out as they were sent, in whatever pieces they arrive', () => {
    const bytes = fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array).toString('latin1'));
    const commands = fc.array(fc.array(bytes, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(commands, fc.array(fc.nat(), { maxLength: 8 }), (sent, cuts) => {
        expect(decode(torn(Buffer.concat(sent.map(encode)), cuts))).toEqual(sent);
      }),
    );
  });

  test('typed by hand are split as the server splits them, and empty ones are told too', () => {
    const typed = Buffer.from('PING\r\n\r\nSET name "Ada Lovelace"\n');
    expect(decode([typed])).toEqual([['PING'], [], ['SET', 'name', 'Ada Lovelace']]);
    expect(decode([Buffer.from('*0\r\n*-1\r\nPING\r\nPI')])).toEqual([[], [], ['PING']]);
  });

  test.each([
    'SET name "Ada\r\n',
    '*1\r\n:4\r\n',
    '*1\r\n$-1\r\n',
    '*1\r\n$999999999\r\n',
    '*9999999999\r\n',
    '*x\r\n',
    'x'.repeat(70_000),
    `*1\r\n$${'1'.repeat(70_000)}`,
  ])('that the server refuses are refused, and kept: %#', (text) => {
    const decoder = new RequestDecoder();
    expect([...decoder.read(Buffer.from('PING\r\n'))]).toHaveLength(1);
    expect(() => [...decoder.read(Buffer.from(text))]).toThrow(ProtocolError);
    expect(decoder.rest.toString()).toBe(text);
  });
});
