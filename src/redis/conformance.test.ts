import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applies, comparable, rows, type ServerFacts } from '../../test/setup/corpus.ts';
import { type PlainServer, startPlainServer } from '../../test/setup/plain-server.ts';
import { ConnectionLost } from './connection.ts';
import { LearnerClient } from './learner-client.ts';
import { type Form, printAnswer, Unprintable } from './print.ts';
import { splitArgs } from './split.ts';

let server: PlainServer;
let facts: ServerFacts;

beforeAll(async () => {
  server = await startPlainServer(['--enable-debug-command', 'yes']).catch(() => startPlainServer());
  const { stdout } = await typed([], 'INFO server', 'raw');
  facts = {
    version: /redis_version:(\S+)/.exec(stdout)![1]!,
    valkey: stdout.includes('valkey_version'),
    // Locked on servers that know the lock, and open on older ones.
    debug: !(await typed([], 'DEBUG PROTOCOL string', 'raw')).stdout.startsWith('ERR'),
  };
});
afterAll(() => server?.stop());

/** What redis-cli would write to its two streams after these lines. */
async function typed(setup: string[], line: string, form: Form): Promise<{ stdout: string; stderr: string }> {
  const client = await LearnerClient.connect({ socketPath: server.socketPath }, 'rediscover:test');
  try {
    for (const before of setup) await client.send(splitArgs(before)!);
    const args = splitArgs(line)!;
    const stdout = printAnswer(args, await client.send(args), form).toString('latin1');
    return { stdout, stderr: '' };
  } catch (error) {
    if (error instanceof Unprintable) return { stdout: '', stderr: `${error.message}\n` };
    if (error instanceof ConnectionLost) return { stdout: '', stderr: `Error: ${error.message}\n` };
    throw error;
  } finally {
    client.close();
  }
}

const EMPTY = ['FLUSHALL', 'SCRIPT FLUSH', 'FUNCTION FLUSH'];

// Rows of redis-cli's own words (repetition, help, preferences) send nothing of their own to a server.
const answered = rows.filter((row) => !row.tags?.includes('client'));

describe('a command typed shows what redis-cli shows', () => {
  test.for(answered.map((row) => [`${row.id} ${row.command}`, row] as const))(
    '%s',
    async ([, row], { skip }) => {
      if (!applies(row, facts)) skip('recorded on Redis 7.0.15, and known to differ here');
      const formatted = await typed([...EMPTY, ...row.setup], row.command, 'formatted');
      const expected = Buffer.from(row.redis_cli_no_raw).toString('latin1');
      expect(comparable(row, formatted.stdout)).toBe(comparable(row, expected));
      expect(formatted.stderr).toBe(row.stderr ?? '');
      if (row.redis_cli_raw_b64 === undefined) return;
      const raw = await typed([...EMPTY, ...row.setup], row.command, 'raw');
      expect(comparable(row, raw.stdout)).toBe(
        comparable(row, Buffer.from(row.redis_cli_raw_b64, 'base64').toString('latin1')),
      );
    },
  );
});
