import { expect, test } from 'vitest';
import { shorteningTokens } from './tokens.ts';

const shorten = (text: string) => shorteningTokens([text], '…')(text);

test.each([
  ['8dbb1f0e-27c4-4d5e-9d3a-4f6f1c2b3a4d', '8dbb…'],
  ['lock:report:8dbb1f0e-27c4-4d5e-9d3a-4f6f1c2b3a4d', 'lock:report:8dbb…'],
  ['{"token":"5f2c8a9b1e3d4c7f"}', '{"token":"5f2c…"}'],
  ['Drmhze6EPcv0fN_81Bj-nA', 'Drmh…'],
  ['k3j9f0a2b1c', 'k3j9…'],
  ['0.7364182936415', '0.73…'],
])('%s is a token', (text, expected) => {
  expect(shorten(text)).toBe(expected);
});

test.each([
  'cache:weather:oslo:3',
  'user-profile-settings-2024',
  'session:1735689600000',
  'user12345678',
  '{"temp":7.25,"days":3}',
  'getUserProfileById',
  'defaced facade decade',
])('%s is none', (text) => {
  expect(shorten(text)).toBe(text);
});
