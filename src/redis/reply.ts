/**
 * A reply as the protocol has it, nothing lost: what the printer and the checks need and a client
 * library's own values no longer tell apart. Shapes follow the RESP3 specification.
 */
export type Reply =
  | { type: 'status'; bytes: Buffer }
  | { type: 'error'; bytes: Buffer }
  /** Decimal digits as sent: a 64-bit integer does not fit a JavaScript number. */
  | { type: 'integer'; text: string }
  | { type: 'bulk'; bytes: Buffer }
  | { type: 'nil' }
  | { type: 'array'; items: Reply[] }
  | { type: 'set'; items: Reply[] }
  | { type: 'map'; entries: [Reply, Reply][] }
  | { type: 'push'; items: Reply[] }
  | { type: 'double'; text: string }
  | { type: 'boolean'; value: boolean }
  | { type: 'verbatim'; format: string; bytes: Buffer }
  | { type: 'big-number'; text: string };
