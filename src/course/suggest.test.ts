import { describe, expect, it } from 'vitest';
import { closest, didYouMean } from './suggest.ts';

describe('what is probably meant', () => {
  it.each([
    ['strngs', 'strings'],
    ['STRINGS', 'strings'],
    ['kesy', 'keys'],
    ['sorted', 'sorted-sets'],
    ['stri', 'strings'],
    ['k', undefined],
    ['banana', undefined],
  ])('by %s is %s', (word, meant) => {
    expect(closest(word, ['strings', 'keys', 'sorted-sets'])).toBe(meant);
  });

  it('is asked, and not taken for granted', () => {
    expect(didYouMean('strng', ['string'])).toBe('did you mean "string"?');
    expect(didYouMean('x', ['string'])).toBeUndefined();
  });
});
