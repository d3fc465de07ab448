import type { CommandArgument, CommandDocs } from './command-docs.ts';
import { splitArgs } from './split.ts';

/**
 * The grey syntax hint that redis-cli 7.2 and newer shows behind a line: what may follow, in the words of
 * the server's documentation. Empty where nothing is to be said, or where what is typed does not fit.
 * The last word counts once a space follows it; a space before the hint is the caller's to add.
 */
export function hint(line: string, docs: Pick<CommandDocs, 'find'>): string {
  const all = (splitArgs(line) ?? []).map((arg) => arg.toString('latin1'));
  const words = /[ \t-\r]$/.test(line) ? all : all.slice(0, -1);
  const command = docs.find(words);
  if (!command?.arguments) return '';
  const typed = words.slice(command.name.split(' ').length);
  const params = command.arguments.map((argument) => new Param(argument));
  return matchAll(typed, params) === typed.length ? describeAll('', params, ' ') : '';
}

/** An argument of the documentation, and how much of it has been typed. */
class Param {
  readonly doc: CommandArgument;
  readonly parts: Param[];
  /** Words that matched, and which parts of the argument they were. */
  matched = 0;
  matchedToken = false;
  matchedName = false;
  matchedAll = false;

  constructor(doc: CommandArgument) {
    this.doc = doc;
    this.parts = (doc.arguments ?? []).map((part) => new Param(part));
  }

  get shown(): string {
    return orQuotes(this.doc.display ?? this.doc.name);
  }

  clear(): void {
    this.matched = 0;
    this.matchedToken = false;
    this.matchedName = false;
    this.matchedAll = false;
    for (const part of this.parts) part.clear();
  }
}

/** How many words match the parameters, as many as possible; 0 where a required one does not. */
function matchAll(words: string[], params: Param[]): number {
  let word = 0;
  for (let i = 0; word < words.length && i < params.length; i++) {
    if (params[i]!.doc.optional) {
      // Optional parameters in a row may come in any order.
      const end = endOfOptional(params, i);
      word += matchOptional(words.slice(word), params.slice(i, end));
      i = end - 1;
    } else {
      const count = match(words.slice(word), params[i]!);
      if (count === 0) return 0;
      word += count;
    }
  }
  return word;
}

function matchOptional(words: string[], params: Param[]): number {
  let word = 0;
  let before: Param | undefined;
  while (word < words.length) {
    const rest = words.slice(word);
    let count = 0;
    const found = params.find((param) => {
      count = param.matched === 0 ? match(rest, param) : 0;
      return count !== 0;
    });
    if (found === undefined) break;
    // Another one has begun: the one before it is done, complete or not.
    if (before) before.matchedAll = true;
    before = found;
    word += count;
  }
  return word;
}

/** How many words match, the parameter repeated as often as it may be. */
function match(words: string[], param: Param): number {
  let count = matchOnce(words, param);
  if (!param.doc.multiple) return count;
  while (param.matchedAll && count < words.length) {
    param.clear();
    const rest = words.slice(count);
    if (param.doc.token !== undefined && !param.doc.multipleToken) {
      // The token came before the first one, and is not to be hinted again.
      count += matchValue(rest, param);
      if (param.matched > 0) param.matchedToken = true;
    } else {
      count += matchOnce(rest, param);
    }
  }
  // There can always be one more.
  param.matchedAll = false;
  return count;
}

function matchOnce(words: string[], param: Param): number {
  const { token, type } = param.doc;
  if (token === undefined) return matchValue(words, param);
  if (token.toLowerCase() !== words[0]?.toLowerCase()) return 0;
  param.matchedToken = true;
  param.matched = 1;
  if (type === 'pure-token') param.matchedAll = true;
  if (type === 'pure-token' || words.length === 1) return 1;
  return matchValue(words.slice(1), param);
}

const INTEGER = /^\s*[+-]?\d/;
const NUMBER = /^\s*[+-]?(?:nan|inf(?:inity|(?!i))|0x\.?[0-9a-f]|(?!0x)\d|\.\d)/i;

/** Matches what follows the token. A word of the wrong kind matches nothing. */
function matchValue(words: string[], param: Param): number {
  switch (param.doc.type) {
    case 'block':
      param.matched += matchAll(words, param.parts);
      param.matchedAll = param.parts.every((part) => part.matchedAll);
      break;
    case 'oneof': {
      const chosen = param.parts.find((part) => match(words, part) !== 0);
      if (chosen) {
        param.matched += chosen.matched;
        param.matchedAll = chosen.matchedAll;
      }
      break;
    }
    case 'integer':
    case 'unix-time':
      matchWord(param, INTEGER.test(words[0]!));
      break;
    case 'double':
      matchWord(param, NUMBER.test(words[0]!));
      break;
    default:
      matchWord(param, true);
  }
  return param.matched;
}

function matchWord(param: Param, fits: boolean): void {
  param.matched = fits ? param.matched + 1 : 0;
  param.matchedName = fits;
  if (fits) param.matchedAll = true;
}

/** Adds what is still to be typed of the parameters. */
function describeAll(start: string, params: Param[], separator: string): string {
  let text = start;
  let length = start.length;
  const add = (param: Param, last: boolean) => {
    text = describe(text, param);
    if (text.length > length && !last) {
      text += separator;
      length = text.length;
    }
  };
  for (let i = 0; i < params.length; i++) {
    if (!params[i]!.doc.optional) {
      add(params[i]!, i === params.length - 1);
      continue;
    }
    // Of optional parameters in a row the one half typed comes first.
    const end = endOfOptional(params, i);
    let begun: Param | undefined;
    for (const param of params.slice(i, end)) {
      if (param.matched === 0 || param.matchedAll) continue;
      add(param, i === params.length - 1);
      begun = param;
    }
    // Once the required one after them is typed, they can't come any more.
    if (end === params.length || params[end]!.matched === 0) {
      for (; i < end; i++) if (params[i] !== begun) add(params[i]!, i === params.length - 1);
    }
    i = end - 1;
  }
  return text;
}

function describe(start: string, param: Param): string {
  if (param.matchedAll) return start;
  const { doc, parts } = param;
  // What is half typed stands without brackets, also behind a repetition that forgets what was typed.
  let text = start + (doc.optional && param.matched === 0 ? '[' : '');
  if (doc.token !== undefined && !param.matchedToken)
    text += orQuotes(doc.token) + (doc.type === 'pure-token' ? '' : ' ');
  if (doc.type === 'oneof' && param.matched > 0) {
    for (const part of parts) if (part.matched > 0) text = describe(text, part);
  } else if (doc.type === 'oneof') text = describeAll(text, parts, '|');
  else if (doc.type === 'block') text = describeAll(text, parts, ' ');
  else if (doc.type !== 'pure-token' && !param.matchedName) text += param.shown;
  if (doc.multiple) text = describeRepeated(text, param);
  return text + (doc.optional && param.matched === 0 ? ']' : '');
}

function describeRepeated(start: string, param: Param): string {
  // Each repetition begins anew, whatever was typed of the last.
  param.clear();
  const { doc, parts } = param;
  let text = `${start}${start === '' ? '' : ' '}[`;
  if (doc.multipleToken) text += orQuotes(doc.token ?? '') + (doc.type === 'pure-token' ? '' : ' ');
  if (doc.type === 'oneof') text = describeAll(text, parts, '|');
  else if (doc.type === 'block') text = describeAll(text, parts, ' ');
  else if (doc.type !== 'pure-token') text += param.shown;
  return `${text} ...]`;
}

function endOfOptional(params: Param[], from: number): number {
  let end = from;
  while (end < params.length && params[end]!.doc.optional) end++;
  return end;
}

function orQuotes(word: string): string {
  return word === '' ? '""' : word;
}
