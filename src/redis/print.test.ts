import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolError, ReplyDecoder } from './decode.ts';
import { type Form, printAnswer, printRaw, printReply, quoted, rawOutput, Unprintable } from './print.ts';
import type { Reply } from './reply.ts';
import { splitArgs } from './split.ts';

interface FrameRow {
  id: string;
  reply_b64: string;
  redis_cli_no_raw_b64: string;
  redis_cli_raw_b64: string;
  stderr?: string;
}
interface FormatRow {
  id: string;
  command: string;
  redis_cli_no_raw: string;
  redis_cli_raw_b64?: string;
  reply_b64: string;
  stderr?: string;
}

function rowsOf<Row>(name: string): Row[] {
  const text = readFileSync(new URL(`../../fixtures/conformance/${name}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

/** What redis-cli would write to its two streams for these bytes of the server. */
function shown(bytes: Buffer, args: Buffer[], form: Form, pushes = true): { stdout: Buffer; stderr: string } {
  const out: Buffer[] = [];
  const print = (reply: Reply) => {
    if (pushes || reply.type !== 'push') out.push(printAnswer(args, reply, form));
  };
  try {
    new ReplyDecoder(print).write(bytes);
    return { stdout: Buffer.concat(out), stderr: '' };
  } catch (error) {
    if (error instanceof Unprintable) return { stdout: Buffer.concat(out), stderr: `${error.message}\n` };
    if (error instanceof ProtocolError)
      return { stdout: Buffer.concat(out), stderr: `Error: ${error.message}\n` };
    throw error;
  }
}

describe('frames of the protocol as redis-cli shows them', () => {
  test.each(rowsOf<FrameRow>('reply-frames.jsonl').map((row) => [row.id, row] as const))('%s', (_, row) => {
    const bytes = Buffer.from(row.reply_b64, 'base64');
    const formatted = { stdout: Buffer.from(row.redis_cli_no_raw_b64, 'base64'), stderr: row.stderr ?? '' };
    const raw = { stdout: Buffer.from(row.redis_cli_raw_b64, 'base64'), stderr: row.stderr ?? '' };
    expect(shown(bytes, [], 'formatted')).toEqual(formatted);
    expect(shown(bytes, [], 'raw')).toEqual(raw);
  });
});

describe('recorded replies to commands as redis-cli shows them', () => {
  const rows = rowsOf<FormatRow>('reply-format.jsonl').filter((row) => row.reply_b64 !== '');
  test.each(rows.map((row) => [`${row.id} ${row.command}`, row] as const))('%s', (_, row) => {
    const bytes = Buffer.from(row.reply_b64, 'base64');
    // A leading number is redis-cli's own: how often to send the rest.
    const args = splitArgs(row.command)!.filter((arg, i) => i > 0 || !/^\d+$/.test(arg.toString()));
    // Recorded without a terminal, where redis-cli shows no push that it did not ask for.
    const pushes = /subscribe/i.test(row.command);
    const formatted = shown(bytes, args, 'formatted', pushes);
    expect(formatted.stdout.toString()).toBe(row.redis_cli_no_raw);
    expect(formatted.stderr).toBe(row.stderr ?? '');
    if (row.redis_cli_raw_b64 !== undefined)
      expect(shown(bytes, args, 'raw', pushes).stdout).toEqual(Buffer.from(row.redis_cli_raw_b64, 'base64'));
  });
});

describe('printing any reply', () => {
  const { reply } = fc.letrec<{ reply: Reply }>((tie) => ({
    reply: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constant<Reply>({ type: 'nil' }),
      fc.boolean().map((value): Reply => ({ type: 'boolean', value })),
      fc.maxSafeInteger().map((n): Reply => ({ type: 'integer', text: String(n) })),
      fc.double({ noNaN: true }).map((n): Reply => ({ type: 'double', text: String(n) })),
      fc.uint8Array({ maxLength: 8 }).map((b): Reply => ({ type: 'bulk', bytes: Buffer.from(b) })),
      fc
        .constantFrom('status', 'error')
        .map((type): Reply => ({ type, bytes: Buffer.from('ERR no') }) as Reply),
      fc
        .tuple(fc.constantFrom('array', 'set', 'push'), fc.array(tie('reply'), { maxLength: 12 }))
        .map(([type, items]) => ({ type, items }) as Reply),
      fc
        .array(fc.tuple(tie('reply'), tie('reply')), { maxLength: 12 })
        .map((entries): Reply => ({ type: 'map', entries })),
    ),
  }));

  test('formatted, every line but the first of an element is indented below its index', () => {
    fc.assert(
      fc.property(fc.array(reply, { minLength: 2, maxLength: 12 }), (items) => {
        const lines = printReply({ type: 'array', items }).toString('latin1').split('\n').slice(0, -1);
        const width = String(items.length).length;
        const heads = lines.filter((line) => /^ *\d+\) /.test(line.slice(0, width + 2)));
        expect(heads.length).toBe(items.length);
        for (const line of lines)
          expect(heads.includes(line) || line.startsWith(' '.repeat(width + 2))).toBe(true);
      }),
    );
  });

  test('both forms end with exactly the newline that redis-cli adds', () => {
    fc.assert(
      fc.property(reply, (any) => {
        expect(printReply(any).at(-1)).toBe(10);
        expect(printRaw(any).subarray(0, -1)).toEqual(printAnswer([Buffer.from('INFO')], any, 'raw'));
      }),
    );
  });

  test('what is quoted splits back into the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(splitArgs(quoted(Buffer.from(bytes)))).toEqual([Buffer.from(bytes)]);
      }),
    );
  });
});

describe('redis-cli prints the reply as it is', () => {
  const raw = (line: string) => rawOutput(splitArgs(line)!);
  test.each([
    'info',
    'INFO server',
    'LOLWUT VERSION 5',
    'client list',
    'CLIENT INFO',
    'memory doctor',
    'cluster nodes',
  ])('of %s', (line) => expect(raw(line)).toBe(true));
  test.each([
    '',
    'latency',
    'cluster nodes x',
    'LATENCY GRAPH',
    'CLIENT ID',
    'MEMORY STATS',
    'client "list "',
    'GET info',
  ])('but formats that of %j', (line) => expect(raw(line)).toBe(false));
});
