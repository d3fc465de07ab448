import { expect, it } from 'vitest';
import { schema } from './reply.ts';

it('takes what XREAD answers: streams, entries, fields', () => {
  const answer = [['events', [['1-0', ['text', 'open']]]]];
  expect(schema.safeParse({ reply: answer, to: 'XREAD events' }).success).toBe(true);
  expect(schema.safeParse({ reply: [[answer]] }).success).toBe(false);
});
