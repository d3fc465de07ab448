/** What is made by chance to tell things apart: UUIDs, hexadecimal numbers, and text of mixed letters and digits. */
const TOKEN = new RegExp(
  [
    String.raw`[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}`,
    String.raw`(?<![\da-zA-Z])(?=\d*[a-fA-F])(?=[a-fA-F]*\d)[\da-fA-F]{12,}(?![\da-zA-Z])`,
    String.raw`(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{16,}(?![\w-])`,
    String.raw`(?<![\w-])(?=[\da-z]*\d[a-z])(?=[\da-z]*[a-z]\d)[\da-z]{10,}(?![\w-])`,
    String.raw`(?<![\w.])0\.\d{10,}(?![\w.])`,
  ].join('|'),
  'g',
);
/** How much is shown of one, where that tells it from all others. */
const SHORTEST = 4;

/** Shortens the tokens of these texts, as to `8dbb…`: one alike everywhere, and two that differ differently. */
export function shorteningTokens(texts: Iterable<string>, more: string): (text: string) => string {
  const tokens = new Set<string>();
  for (const text of texts) for (const [token] of text.matchAll(TOKEN)) tokens.add(token);
  const short = new Map([...tokens].map((token) => [token, shortened(token, tokens) + more]));
  return (text) => text.replace(TOKEN, (token) => short.get(token) ?? token);
}

/** The least of its beginning that is no other's. */
function shortened(token: string, tokens: Set<string>): string {
  let length = SHORTEST;
  const isShared = () =>
    [...tokens].some((other) => other !== token && other.startsWith(token.slice(0, length)));
  while (length < token.length && isShared()) length++;
  return token.slice(0, length);
}
