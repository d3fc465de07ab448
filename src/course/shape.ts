import { z } from 'zod';
import { CHECK_KINDS } from './checks/registry.ts';
import { error, type Position, type Problem } from './problem.ts';
import { courseSchema, exerciseSchema, lessonSchema, worldSchema } from './schema.ts';
import { closest, didYouMean } from './suggest.ts';
import { safeName, toData, type YamlNode } from './yaml-tree.ts';

type Issue = z.core.$ZodIssue;
type Path = PropertyKey[];

/** What each schema describes, in words, to say where a misplaced field belongs. */
const HOMES: [z.ZodObject, string][] = [
  [exerciseSchema, 'the exercise itself'],
  ...Object.entries(CHECK_KINDS).map(([kind, { schema }]): [z.ZodObject, string] => [
    schema,
    `a check of "${kind}"`,
  ]),
  [worldSchema, 'a world'],
  [lessonSchema, "the lesson's front matter"],
  [courseSchema, 'course.yaml'],
];

/** What is wrong with the shape of a value, each with its exact place. `what` names it: "this exercise". */
export function shapeProblems(schema: z.ZodObject, node: YamlNode, what: string): Problem[] {
  const result = schema.safeParse(toData(node));
  if (result.success) return [];
  const misshapes = result.error.issues.flatMap((issue) => explain(issue, [], { schema, node, what }));
  // A misspelt field is not missing besides.
  const meant = new Set(misshapes.map(({ meant }) => meant));
  return misshapes
    .filter(({ missing }) => missing === undefined || !meant.has(missing))
    .map(({ at, message, hint }) => error(at, message, hint));
}

interface Misshape {
  at: Position;
  message: string;
  hint: string | undefined;
  /** The path of a field that is missing. */
  missing?: string;
  /** The path of the field that a misspelt one was meant to be. */
  meant?: string;
}

interface Context {
  schema: z.ZodObject;
  node: YamlNode;
  what: string;
}

function explain(issue: Issue, above: Path, context: Context): Misshape[] {
  const path = [...above, ...issue.path];
  const found = nodeAt(context.node, path);
  const label = labelOf(path, context.what);
  const misshape = (at: YamlNode, message: string, hint?: string): Misshape => ({
    at: at.at,
    message: capital(message),
    hint,
  });
  if (found === undefined) {
    const parent = nodeAt(context.node, path.slice(0, -1)) ?? context.node;
    const where = labelOf(path.slice(0, -1), context.what);
    return [
      { ...misshape(parent, `"${String(path.at(-1))}" is missing in ${where}.`), missing: path.join('/') },
    ];
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownField(key, found, path, context));
    case 'invalid_type':
      return [misshape(found, ...wrongType(found, label, [issue.expected]))];
    case 'invalid_union': {
      const fits = issue.errors.filter((branch) => !branch.some(isRootMismatch));
      const best = fits.sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
      if (best) return best.flatMap((inner) => explain(inner, path, context));
      const expected = issue.errors.flatMap((branch) =>
        branch.flatMap((inner) => {
          if (inner.path.length > 0) return [];
          if (inner.code === 'invalid_type') return [inner.expected];
          return inner.code === 'invalid_value' ? inner.values.map((value) => `"${String(value)}"`) : [];
        }),
      );
      return [misshape(found, ...wrongType(found, label, expected))];
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      const given = found.kind === 'scalar' ? String(found.value) : 'this';
      return [
        misshape(
          found,
          `${label} cannot be "${given}".`,
          didYouMean(given, values) ?? `one of ${values.join(', ')}`,
        ),
      ];
    }
    case 'too_small':
    case 'too_big': {
      if (found.kind === 'scalar' && found.value === '') return [misshape(found, `${label} is empty.`)];
      if (found.kind === 'list' && found.items.length === 0) {
        return [misshape(found, `${label} is empty.`, emptyHint(path))];
      }
      const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
      return [
        misshape(
          found,
          `${label} must have ${bound}.`.replace('have', found.kind === 'list' ? 'have' : 'be'),
        ),
      ];
    }
    case 'invalid_key': {
      const inner = issue.issues[0];
      return [misshape(found, `${label} has a bad name: ${inner?.message ?? 'not allowed'}.`)];
    }
    case 'invalid_format':
      if (found.kind === 'scalar' && String(found.value).trim() === '' && label !== '"ttl"')
        return [misshape(found, `${label} is empty.`)];
      if (label === '"ttl"') return [misshape(found, badTtl(found), ttlHint(found))];
      return [misshape(found, `${label} is not well formed.`, `write ${issue.message}`)];
    case 'custom':
      return [misshape(found, `${label} is empty.`, emptyHint(path))];
    default:
      return [misshape(found, `${label}: ${issue.message}.`)];
  }
}

function isRootMismatch(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function depth(issues: Issue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length));
}

const WORDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'null',
};

/** Message and way out for a value of another type than is meant. */
function wrongType(node: YamlNode, label: string, expected: string[]): [string, string?] {
  const wanted = [...new Set(expected.map((each) => WORDS[each] ?? each))];
  const choice = wanted.length > 1 ? `${wanted.slice(0, -1).join(', ')} or ${wanted.at(-1)}` : wanted[0];
  const must = `${label} must be ${choice}`;
  const textFits = wanted.includes('text');
  if (node.kind === 'scalar') {
    if (node.value === null) {
      const data = /"(string|list|hash|set|names|reply)\b/.test(label);
      return [`${label} is empty.`, data && textFits ? 'for an empty text write ""' : undefined];
    }
    if (label === '"ttl"') return [badTtl(node), ttlHint(node)];
    if (typeof node.value !== 'string' && textFits) {
      const what = typeof node.value === 'number' ? 'number' : 'truth value';
      return [`${must}, but ${node.source} is a ${what} in YAML.`, `quote it: "${node.source}"`];
    }
    if (typeof node.value === 'string' && node.value.trim() !== '' && Number.isFinite(Number(node.value))) {
      const unquote = wanted.some((word) => word.endsWith('number'));
      return [`${must}, but "${node.value}" is text.`, unquote ? `without quotes: ${node.value}` : undefined];
    }
    return [`${must}, but it is ${JSON.stringify(node.value)}.`];
  }
  if (node.kind === 'map' && textFits && node.entries.length === 1) {
    const name = node.entries[0]!.name;
    return [`${must}; the ": " after ${JSON.stringify(name)} makes it a map.`, 'quote the whole text'];
  }
  return [`${must}, but it is a ${node.kind}.`];
}

function badTtl(node: YamlNode): string {
  const given = node.kind === 'scalar' ? JSON.stringify(node.value) : `a ${node.kind}`;
  return `"ttl" is whole seconds, but it is ${given}.`;
}

const SECONDS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 };

function ttlHint(node: YamlNode): string {
  const given = node.kind === 'scalar' ? String(node.value).trim() : '';
  const match = given.match(
    /^(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)?$/i,
  );
  const unit = match?.[2]?.toLowerCase();
  const factor =
    unit === undefined ? 1 : unit.startsWith('mil') ? 0.001 : (SECONDS[unit] ?? SECONDS[unit[0]!]!);
  const seconds = match ? Number(match[1]) * factor : Number.NaN;
  return Number.isInteger(seconds) && seconds > 0
    ? `did you mean ttl: ${seconds}?`
    : 'write 1800, a range as 1500..1800, or none';
}

function emptyHint(path: Path): string | undefined {
  const field = path.findLast((part) => typeof part === 'string' && part !== 'includes');
  return ['list', 'hash', 'set', 'zset'].includes(String(field))
    ? 'Redis drops a collection with its last element: write exists: false'
    : undefined;
}

function unknownField(key: string, parent: YamlNode, path: Path, { schema, what }: Context): Misshape {
  const entry = parent.kind === 'map' ? parent.entries.find(({ name }) => safeName(name) === key) : undefined;
  const at = entry?.at ?? parent.at;
  const where = labelOf(path, what);
  const home = HOMES.find(([other]) => other !== schema && Object.hasOwn(other.shape, key))?.[1];
  if (home) {
    return { at, message: `"${key}" does not belong into ${where}.`, hint: `it belongs into ${home}` };
  }
  const known = fieldsAt(schema, path);
  const meant = closest(key, known);
  return {
    at,
    message: `${capital(where)} knows no field "${key.trim()}".`,
    hint: meant ? `did you mean "${meant}"?` : `it knows ${known.join(', ')}`,
    ...(meant ? { meant: [...path, meant].join('/') } : {}),
  };
}

/** The fields that an object at this path may have. */
function fieldsAt(schema: z.ZodType, path: Path): string[] {
  if (schema instanceof z.ZodOptional) return fieldsAt(schema.unwrap() as z.ZodType, path);
  if (schema instanceof z.ZodUnion)
    return schema.options.flatMap((option) => fieldsAt(option as z.ZodType, path));
  if (schema instanceof z.ZodObject) {
    if (path.length === 0) return Object.keys(schema.shape);
    const next = schema.shape[String(path[0])];
    return next ? fieldsAt(next, path.slice(1)) : [];
  }
  if (schema instanceof z.ZodArray) {
    return path.length === 0 ? [] : fieldsAt(schema.element as z.ZodType, path.slice(1));
  }
  return [];
}

function nodeAt(node: YamlNode, path: Path): YamlNode | undefined {
  let at: YamlNode | undefined = node;
  for (const part of path) {
    if (at?.kind === 'list') at = at.items[Number(part)];
    else if (at?.kind === 'map') at = at.entries.find(({ name }) => safeName(name) === part)?.value;
    else return undefined;
  }
  return at;
}

/** `"hash.f"`, `item 2 of "list"`. */
function labelOf(path: Path, root: string): string {
  let last = path.length - 1;
  while (last >= 0 && typeof path[last] !== 'string') last--;
  if (last < 0) return root;
  let first = last;
  while (first > 0 && typeof path[first - 1] === 'string') first--;
  const names = path.slice(first, last + 1).map(String);
  const name = `"${names.map((each) => each.trim()).join('.')}"`;
  const items = path.slice(last + 1).map((index) => Number(index) + 1);
  return items.length > 0 ? `item ${items.join('.')} of ${name}` : name;
}

function capital(words: string): string {
  return words.startsWith('course.yaml') ? words : words.charAt(0).toUpperCase() + words.slice(1);
}
