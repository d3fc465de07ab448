import type {
  Check,
  Collection,
  KeyCheck,
  PlainCheck,
  Position,
  Problem,
  Range,
  ReplyValue,
} from './course.ts';
import { error, warning } from './problem.ts';
import { type CheckKind, checkSchemas } from './schema.ts';
import { shapeProblems } from './shape.ts';
import { didYouMean } from './suggest.ts';
import { entry, type YamlMap, type YamlNode } from './yaml-tree.ts';

const KINDS = Object.keys(checkSchemas) as CheckKind[];

/** One item of `checks`. Reads what is well formed and reports the rest; a check it cannot tell is left out. */
export function readCheck(node: YamlNode): { check?: Check; problems: Problem[] } {
  if (node.kind !== 'map') {
    return { problems: [error(node.at, 'A check is a map that begins with what it looks at.', KIND_HINT)] };
  }
  const kind = kindOf(node);
  if (kind === undefined) return { problems: [unknownKind(node)] };
  if (kind === 'any') return readAny(node);
  const problems = shapeProblems(checkSchemas[kind], node, `a check of "${kind}"`);
  // Half a check would judge something else than was written.
  if (problems.length > 0) return { problems };
  const why = stringAt(node, 'why');
  const base = { at: node.at, ...(why === undefined ? {} : { why }) };
  const field = (name: string): YamlNode => entry(node, name)!;
  switch (kind) {
    case 'key': {
      const check = readKey(node, base);
      return { check, problems: keyProblems(check, node) };
    }
    case 'keys': {
      const count = entry(node, 'count');
      const names = entry(node, 'names');
      if (!count && !names) {
        problems.push(
          error(node.at, 'This check does not say how many keys, or which.', 'add count: 3 or names: [...]'),
        );
      }
      return {
        check: {
          kind,
          ...base,
          pattern: string(field('keys')),
          ...(count ? { count: readRange(count) } : {}),
          ...(names ? { names: strings(names) } : {}),
        },
        problems: [...problems, ...rangeProblems(count)],
      };
    }
    case 'reply': {
      const to = stringAt(node, 'to');
      const item = entry(node, 'item');
      const reply = replyOf(field('reply'));
      if (typeof reply === 'string' && /^\(?nil\)?$/i.test(reply)) {
        problems.push(
          warning(field('reply').at, `This is the text ${JSON.stringify(reply)}.`, 'nil is written null'),
        );
      }
      return {
        check: {
          kind,
          ...base,
          reply,
          ...(to === undefined ? {} : { to }),
          ...(item?.kind === 'scalar' ? { item: Number(item.value) } : {}),
          ...replyOptions(node),
        },
        problems,
      };
    }
    case 'used':
    case 'avoided':
      return { check: { kind, ...base, patterns: strings(field(kind)) }, problems };
    case 'atomic':
      return { check: { kind, ...base, keys: strings(field('atomic')) }, problems };
    case 'answer': {
      const answers = strings(field('answer'));
      const choices = entry(node, 'choices');
      const given = choices ? strings(choices) : undefined;
      const same = (one: string, other: string): boolean =>
        one.trim().toLowerCase() === other.trim().toLowerCase();
      for (const answer of given ? answers : []) {
        if (given?.some((choice) => same(choice, answer))) continue;
        problems.push(
          error(choices!.at, `The choices do not contain the answer "${answer}".`, 'add it to them'),
        );
      }
      return { check: { kind, ...base, answers, ...(given ? { choices: given } : {}) }, problems };
    }
  }
}

/** Each way has checks of its own, judged one by one as those of an exercise are. */
function readAny(node: YamlMap): { check?: Check; problems: Problem[] } {
  const problems: Problem[] = [];
  const ways = entry(node, 'any');
  if (ways?.kind !== 'list' || ways.items.length < 2)
    return {
      problems: [error(node.at, '"any" is a list of two ways at least, each a check or a list of them.')],
    };
  const read = ways.items.map((way) =>
    (way.kind === 'list' ? way.items : [way]).flatMap((item): PlainCheck[] => {
      const one = readCheck(item);
      problems.push(...one.problems);
      if (one.check?.kind !== 'any') return one.check ? [one.check] : [];
      problems.push(error(item.at, 'There is no choice within a choice.', 'put its ways into the first'));
      return [];
    }),
  );
  const unknown = node.entries.find(({ name }) => name !== 'any' && name !== 'why');
  if (unknown) problems.push(error(unknown.at, `A check of "any" knows no field "${unknown.name}".`));
  const why = stringAt(node, 'why');
  if (problems.length > 0) return { problems };
  return { check: { kind: 'any', at: node.at, ...(why === undefined ? {} : { why }), ways: read }, problems };
}

function replyOptions(node: YamlMap) {
  const [or, by, times] = [entry(node, 'or'), stringAt(node, 'by'), entry(node, 'times')];
  return {
    ...(or?.kind === 'list' ? { or: or.items.map(replyOf) } : {}),
    ...(by === 'other' || by === 'anyone' ? { by: by as 'other' | 'anyone' } : {}),
    ...(times ? { times: Number(scalar(times)) } : {}),
  };
}

const KIND_HINT = `begin it with ${KINDS.slice(0, -1).join(', ')} or ${KINDS.at(-1)}, as in "- key: session:xyz"`;

function kindOf(node: YamlMap): CheckKind | undefined {
  return node.entries
    .map(({ name }) => name)
    .find((name): name is CheckKind => KINDS.includes(name as CheckKind));
}

function unknownKind(node: YamlMap): Problem {
  const first = node.entries[0];
  if (first === undefined) return error(node.at, 'This check is empty.', KIND_HINT);
  const guess = didYouMean(first.name, KINDS);
  if (guess) return error(first.at, `There is no check "${first.name}".`, guess);
  const keyFields = Object.keys(checkSchemas.key.shape);
  return keyFields.includes(first.name)
    ? error(first.at, 'This check names no key.', 'begin it with "key: NAME"')
    : error(first.at, `There is no check "${first.name}".`, KIND_HINT);
}

function readKey(node: YamlMap, base: { at: Position; why?: string }): KeyCheck {
  const check: KeyCheck = { kind: 'key', ...base, key: string(entry(node, 'key')!) };
  for (const { name, value } of node.entries) {
    switch (name) {
      case 'exists':
        check.exists = scalar(value) === true;
        break;
      case 'type':
      case 'string':
      case 'matches':
        check[name] = string(value);
        break;
      case 'number':
      case 'within':
      case 'expireat':
        check[name] = Number(scalar(value));
        break;
      case 'list':
      case 'set':
        check[name] = collection(value, strings);
        break;
      case 'hash':
        check.hash = collection(value, (map) =>
          Object.fromEntries(pairs(map).map(([f, v]) => [f, string(v)])),
        );
        break;
      case 'zset':
        check.zset = collection(value, (map) =>
          pairs(map).map(([member, score]) => ({ member, score: Number(scalar(score)) })),
        );
        break;
      case 'length':
        check.length = readRange(value);
        break;
      case 'encoding':
        check.encoding = strings(value);
        break;
      case 'or':
        check.or = 'missing';
        break;
      case 'ttl':
        check.ttl = scalar(value) === 'none' ? 'none' : readRange(value);
        break;
    }
  }
  return check;
}

/** What each field takes for granted about the type of the value. */
const TYPE_OF: Partial<Record<keyof KeyCheck, string>> = {
  string: 'string',
  number: 'string',
  matches: 'string',
  list: 'list',
  hash: 'hash',
  set: 'set',
  zset: 'zset',
};

function keyProblems(check: KeyCheck, node: YamlMap): Problem[] {
  const problems = [...rangeProblems(entry(node, 'length')), ...rangeProblems(entry(node, 'ttl'))];
  const fields = node.entries.filter(({ name }) => name !== 'key' && name !== 'why');
  if (fields.length === 0) {
    problems.push(
      error(node.at, `This check says nothing of ${check.key}.`, 'add exists: true, or what it holds'),
    );
  }
  const alone = fields.find(({ name }) => name !== 'exists');
  if (check.exists === false && alone) {
    problems.push(
      error(alone.at, `A key that is not there has no "${alone.name}".`, 'keep exists: false alone'),
    );
  }
  const within = fields.find(({ name }) => name === 'within');
  if (within && check.number === undefined) {
    problems.push(error(within.at, '"within" is the tolerance of "number", which is missing.'));
  }
  if (check.ttl === 'none' && check.expireat !== undefined) {
    problems.push(
      error(
        entry(node, 'expireat')!.at,
        'A key without expiry has no moment of expiry.',
        'keep one of ttl and expireat',
      ),
    );
  }
  let type = check.type;
  for (const { name, at } of fields) {
    const implied = TYPE_OF[name as keyof KeyCheck];
    if (implied === undefined) continue;
    if (type !== undefined && type !== implied) {
      problems.push(error(at, `One key cannot be a ${type} and a ${implied}.`, 'keep one of them'));
      break;
    }
    type = implied;
  }
  if (check.matches !== undefined) {
    try {
      new RegExp(check.matches, 'u');
    } catch (fault) {
      const reason = (fault as Error).message.replace(/^Invalid regular expression: .*: /s, '');
      problems.push(error(entry(node, 'matches')!.at, `This is no regular expression: ${reason}.`));
    }
  }
  return problems;
}

function rangeProblems(node: YamlNode | undefined): Problem[] {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.value === 'none') return [];
  const { min, max } = readRange(node);
  return max !== null && max < min
    ? [error(node.at, `The range ${node.value} is empty.`, `did you mean ${max}..${min}?`)]
    : [];
}

function readRange(node: YamlNode): Range {
  const value = scalar(node);
  if (typeof value === 'number') return { min: value, max: value };
  const [min, max] = String(value).split('..');
  return { min: Number(min), max: max ? Number(max) : null };
}

/** `{includes: ...}` where that is a collection; a hash may well have a field of that name. */
function collection<T>(node: YamlNode, read: (node: YamlNode) => T): Collection<T> {
  const only = node.kind === 'map' && node.entries.length === 1 ? node.entries[0] : undefined;
  const included = only?.name === 'includes' && only.value.kind !== 'scalar';
  return { mode: included ? 'includes' : 'exact', value: read(included ? only!.value : node) };
}

function replyOf(node: YamlNode): ReplyValue {
  if (node.kind === 'list') return node.items.map(replyOf);
  return node.kind === 'scalar' && typeof node.value !== 'boolean' ? node.value : null;
}

function scalar(node: YamlNode): string | number | boolean | null {
  return node.kind === 'scalar' ? node.value : null;
}

function string(node: YamlNode): string {
  return String(scalar(node) ?? '');
}

function strings(node: YamlNode): string[] {
  return node.kind === 'list' ? node.items.map(string) : [string(node)];
}

function pairs(node: YamlNode): [string, YamlNode][] {
  return node.kind === 'map' ? node.entries.map(({ name, value }) => [name, value]) : [];
}

function stringAt(node: YamlMap, name: string): string | undefined {
  const found = entry(node, name);
  return found === undefined ? undefined : string(found);
}
