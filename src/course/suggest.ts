import { distance } from 'fastest-levenshtein';

/** The candidate that is probably meant: near in spelling, or begun and not finished; case aside. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.slice(0, 60).toLowerCase();
  let best: string | undefined;
  let begun: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    const far = swapped(wanted, other) ? 1 : distance(wanted, other);
    if (far < least) {
      best = candidate;
      least = far;
    }
    if (wanted.length > 1 && other.startsWith(wanted)) begun ??= candidate;
  }
  return best ?? begun;
}

/** The commonest slip of the fingers: two neighbours changed places. */
function swapped(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let i = 0;
  while (i < one.length && one[i] === other[i]) i++;
  return (
    one[i] === other[i + 1] &&
    one[i + 1] === other[i] &&
    one.slice(i + 2) === other.slice(i + 2) &&
    one !== other
  );
}

/** `did you mean "string"?`, where something is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const best = closest(word, candidates);
  return best === undefined ? undefined : `did you mean "${best}"?`;
}
