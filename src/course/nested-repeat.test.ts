import { expect, it } from 'vitest';
import { nestedRepeat } from './nested-repeat.ts';

it.each([
  ['^(a+)+$', '(a+)+'],
  ['(?:[a-z]+)*x', '(?:[a-z]+)*'],
  ['^(\\w+\\s?)*$', '(\\w+\\s?)*'],
  ['(x|\\d+)+y', '(x|\\d+)+'],
  ['a(.*)*b', '(.*)*'],
  ['(a*b*){2,}c', '(a*b*){2,}'],
  ['((a+))+', '((a+))+'],
  ['(?<year>\\d+)+', '(?<year>\\d+)+'],
  ['(\\p{L}+\\b)+', '(\\p{L}+\\b)+'],
])('of %j it is %j', (source, part) => {
  expect(nestedRepeat(source)).toBe(part);
});

it.each([
  '^\\d+(,\\d+)*$',
  '^(\\d+,)+$',
  '(a+b+)+c',
  '(ab?)+',
  '(\\d{1,3}\\.){3}\\d+',
  '(a+)?b',
  '(a+){3}',
  '[(a+)+]',
  '\\(a+\\)+',
  '(?=.*\\d)\\w+',
  '^user:[0-9]+$',
  '([)+]x)+',
  '',
  '[',
  '(',
  ')+',
  '\\',
])('there is none in %j', (source) => {
  expect(nestedRepeat(source)).toBeUndefined();
});
