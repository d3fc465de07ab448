import { readFileSync } from 'node:fs';

/** One line of the corpus: what redis-cli of Redis 7.0.15 shows after the lines of `setup`. */
export interface Row {
  id: string;
  setup: string[];
  command: string;
  redis_cli_no_raw: string;
  redis_cli_raw_b64?: string;
  deterministic: boolean;
  /** Does Redis 8 answer the same as 7.0.15, which was recorded? */
  same_on_8x: boolean | null;
  server_dependent?: boolean;
  stderr?: string;
  exit_code?: number;
  tags?: string[];
  needs?: string[];
}

/** The rows that are the same at every run. */
export const rows = readFileSync(
  new URL('../../fixtures/conformance/reply-format.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row)
  .filter((row) => row.deterministic);

/** What makes rows not hold: another version, Valkey, or DEBUG that is locked. */
export interface ServerFacts {
  version: string;
  valkey: boolean;
  debug: boolean;
}

/** Does what was recorded hold for the server at hand? */
export function applies(row: Row, { version, valkey, debug }: ServerFacts): boolean {
  if (row.needs && !debug) return false;
  if (version === '7.0.15') return true;
  if (Number(version.split('.')[0]) < 7 || !row.same_on_8x || row.server_dependent) return false;
  // Valkey has reworded some errors.
  return !valkey || !row.redis_cli_no_raw.includes('(error)');
}

/** The server's own order of the commands of a category differs from start to start. */
export function comparable(row: Row, output: string): string {
  if (!row.command.startsWith('ACL CAT')) return output;
  return output
    .replace(/^ *\d+\) /gm, '')
    .split('\n')
    .sort()
    .join('\n');
}
