/**
 * Characters that act on a terminal or lie to the eye: C0 and C1 controls, DEL, line separators, marks that
 * turn the direction of text, characters of no width and no look, tags, lone halves of surrogate pairs.
 * U+200C and U+200D are among them only where no letter or picture before them makes use of them.
 */
const acting =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff]|[\u{e0000}-\u{e01ef}]|\p{Cs}|(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]|(?<=[\u0000-\u007f])[\u200c\u200d]/gu;

/** Nearly all text is this, and needs no further look. */
const harmless = /^[\x20-\x7e]*$/;

const short: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\x07': '\\a', '\b': '\\b' };

/**
 * The text with nothing left in it that a terminal obeys: what comes from values, key names, servers or lesson
 * files goes through here before it is drawn. Acting characters become `\n`, `\x1b` or `\u202e`.
 * `keep: 'lines'` leaves line feeds and tabs as they are.
 */
export function visible(text: string, keep?: 'lines'): string {
  if (harmless.test(text)) return text;
  return text.replace(acting, (found) =>
    keep === 'lines' && (found === '\n' || found === '\t') ? found : escaped(found),
  );
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  if (code <= 0xff) return short[character] ?? `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}
