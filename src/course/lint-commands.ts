import { PATTERN_FIELDS } from './checks/registry.ts';
import type { Exercise, Line, LinesAnswer, Other, Position, Problem } from './course.ts';
import { type GivenFacts, type Part, unfitFor } from './engine-command.ts';
import type { LessonDraft } from './lesson.ts';
import { matchesCommand, patternWords } from './pattern.ts';
import { error, warning } from './problem.ts';
import { didYouMean } from './suggest.ts';
import { entry, type YamlNode } from './yaml-tree.ts';
import { itemsOf } from './yaml-values.ts';

export interface CommandFacts {
  /** The version that brought it, as `6.2.0`; empty where unknown. */
  since: string;
  /** As the server has it: the number of words, the name included; negative means at least so many; 0 is unknown. */
  arity: number;
  /** Options (`NX`) that came later than the command itself. */
  options?: { token: string; since: string }[];
}

/** What lint asks about commands: names in capitals, subcommands as `CLIENT LIST`. */
export interface Commands extends GivenFacts {
  isRandom(args: readonly Buffer[]): boolean;
  hasCursor(args: readonly Buffer[]): boolean;
  lookup(name: string): CommandFacts | undefined;
  names(): string[];
}

/** Splits a command line as redis-cli does; null where its quotes are unbalanced. */
export type Split = (line: string) => Buffer[] | null;

interface Place {
  /** Where it stands, for the message: "the solution". */
  what: string;
  /** A near miss may be wrong in any way, so only slips worth a second look are told. */
  mild?: boolean;
  /** Run by the engine, not typed by anybody. */
  part?: Part;
  /** `.answer TEXT` is a line of answers alone. */
  answers?: boolean;
  /** `.connect URL` leads somewhere: the exercise has a server of its own. */
  connects?: boolean;
}

/** Everything that the command lines and patterns of a lesson say about commands. */
export class CommandRules {
  readonly #floor: string;
  readonly #commands: Commands | undefined;
  readonly #split: Split | undefined;
  /** Commands that the exercise at hand needs, whatever the course says. */
  #needed: ReadonlySet<string> = new Set();

  constructor(floor: string, commands: Commands | undefined, split: Split | undefined) {
    this.#floor = floor;
    this.#commands = commands;
    this.#split = split;
  }

  *lesson(draft: LessonDraft): Generator<Problem> {
    const { lesson, front } = draft;
    const shown: string[][] = [];
    const problems = [...this.#steps(draft, shown)];
    yield* problems;
    this.#needed = new Set(lesson.steps.flatMap(({ exercise }) => exercise?.needs ?? []));
    // What a mistake hides may well use the command.
    const whole = [...draft.problems, ...problems].every(({ severity }) => severity !== 'error');
    yield* this.#front(lesson.commands, entry(front, 'commands'), whole ? shown : undefined);
  }

  *#steps({ lesson, trees }: LessonDraft, shown: string[][]): Generator<Problem> {
    for (const step of lesson.steps) {
      this.#needed = new Set(step.exercise?.needs);
      for (const block of step.blocks) {
        if (block.kind === 'demo')
          yield* this.#lines(
            block.lines,
            { what: 'this demo', connects: step.exercise?.server !== undefined },
            shown,
          );
      }
      if (step.exercise) yield* this.#exercise(step.exercise, trees.get(step.exercise), shown);
    }
  }

  *#exercise(exercise: Exercise, tree: YamlNode | undefined, shown: string[][]): Generator<Problem> {
    const { given, solution, accept, reject } = exercise;
    yield* this.#lines(once(given), { what: 'the given state', part: 'given' }, shown);
    const may = { answers: true, connects: exercise.server !== undefined };
    yield* this.#lines(solution.lines, { what: 'the solution', ...may }, shown);
    for (const { lines } of accept) yield* this.#lines(lines, { what: '"accept"', ...may }, shown);
    for (const { try: miss } of reject) {
      if (miss.kind === 'lines')
        yield* this.#lines(miss.lines, { what: 'this near miss', ...may, mild: true }, []);
    }
    yield* this.#others(exercise.others, shown);
    for (const answer of [solution, ...accept]) yield* this.#usage(exercise, answer);
    for (const node of [tree, ...itemsOf(entry(tree, 'worlds'))]) yield* this.#checks(entry(node, 'checks'));
    yield* this.#worlds(exercise, shown);
  }

  /** What others run; what they wait with is to wait. */
  *#others(others: Other[], shown: string[][]): Generator<Problem> {
    for (const other of others) {
      if (other.kind === 'reacting') yield* this.#lines(other.run, { what: '"run"', part: 'others' }, shown);
      if (other.kind !== 'waiting') continue;
      yield* this.#lines([other.line], { what: '"waits"' }, shown);
      const args = this.#split?.(other.line.text);
      if (args && this.#commands && !this.#commands.mayBlock(args))
        yield error(other.at, 'This command does not wait.', 'name one that does, as BLPOP taxi:rank 0');
    }
  }

  *#worlds({ worlds, others: own, solution, accept }: Exercise, shown: string[][]): Generator<Problem> {
    for (const { others } of worlds) if (others !== own) yield* this.#others(others, shown);
    const fed = worlds.every(({ others }) =>
      others.some((other) => other.kind === 'reacting' && other.when === 'blocked'),
    );
    for (const { given, own, meanwhile, beside } of worlds) {
      yield* this.#lines(once(given.slice(own)), { what: "a world's given state", part: 'given' }, shown);
      yield* this.#lines(meanwhile, { what: beside ? '"beside"' : '"meanwhile"', part: 'meanwhile' }, shown);
    }
    if (worlds.every(({ onlyCode }) => onlyCode)) return;
    for (const { lines } of [solution, ...accept]) yield* this.#repeatable(lines, fed);
  }

  /** What does not do the same again in another world, so that nothing can be said of it there. */
  *#repeatable(lines: Line[], fed: boolean): Generator<Problem> {
    for (const { text, at } of lines) {
      const args = text.startsWith('.') ? null : (this.#split?.(text) ?? null);
      const why = args && this.#commands && whyOnce(args, this.#commands, fed);
      if (why)
        yield error(at, `${why}, so this exercise can have no worlds.`, 'take them out, or this answer');
    }
  }

  *#checks(node: YamlNode | undefined): Generator<Problem> {
    for (const check of node?.kind === 'map' ? [node] : itemsOf(node)) {
      for (const field of PATTERN_FIELDS) yield* this.#patterns(entry(check, field), field);
    }
  }

  /** An answer that a check on its commands would refuse. */
  *#usage({ checks }: Exercise, { lines, at }: LinesAnswer): Generator<Problem> {
    const commands = lines.map(({ text }) => this.#split?.(text) ?? text.split(/\s+/));
    if (commands.length === 0) return;
    for (const check of checks) {
      if (check.kind !== 'used' && check.kind !== 'avoided') continue;
      const matched = check.patterns.find((pattern) =>
        commands.some((args) => matchesCommand(pattern, args)),
      );
      if (check.kind === 'avoided' && matched !== undefined)
        yield error(at, `This answer uses ${matched}, which a check wants avoided.`);
      if (check.kind === 'used' && matched === undefined)
        yield error(at, `This answer does not use ${check.patterns.join(' or ')}, as a check wants.`);
    }
  }

  *#lines(lines: Line[], place: Place, shown: string[][]): Generator<Problem> {
    for (const { text, at } of lines) {
      if (text.startsWith('.')) {
        const word = text.split(/\s/)[0]!;
        if (word === '.connect') {
          if (!place.connects)
            yield error(at, 'There is nothing to connect to.', 'name the "server" of this exercise');
        } else if (word !== '.answer')
          yield error(at, `"${word}" is no command that an answer may hold.`, 'only ".answer TEXT" is');
        else if (!place.answers) yield error(at, `".answer" does not belong into ${place.what}.`);
        continue;
      }
      const args = this.#split ? this.#split(text) : text.split(/\s+/).map((word) => Buffer.from(word));
      if (args === null) {
        yield error(
          at,
          'The quotes in this command line are unbalanced.',
          'a closing quote is followed by a space or the end',
        );
        continue;
      }
      if (args.length === 0) continue;
      const words = args.map(String);
      const unfit = place.part && this.#commands ? unfitFor(place.part, args, this.#commands) : undefined;
      if (unfit) yield error(at, `${unfit}.`, INSTEAD[place.part!]);
      shown.push(words);
      yield* this.#command(words, at, place);
    }
  }

  *#command(words: string[], at: Position, { what, mild }: Place): Generator<Problem> {
    if (!this.#commands) return;
    const told = (problem: Problem): Problem => (mild ? { ...problem, severity: 'warning' } : problem);
    const name = words[0]!.toUpperCase();
    const sub = words.length > 1 ? this.#commands.lookup(`${name} ${words[1]!.toUpperCase()}`) : undefined;
    const found = sub ?? this.#commands.lookup(name);
    if (!found) {
      yield told(
        error(
          at,
          `There is no command "${words[0]}"; it stands in ${what}.`,
          didYouMean(name, this.#commands.names()),
        ),
      );
      return;
    }
    const full = sub ? `${name} ${words[1]!.toUpperCase()}` : name;
    if (this.#isTooNew(name, found.since)) yield told(this.#tooNew(full, found.since, at));
    for (const { token, since } of found.options ?? []) {
      if (
        this.#isTooNew(name, since) &&
        words.slice(2).some((word) => word.toUpperCase() === token.toUpperCase())
      ) {
        yield told(this.#tooNew(`The option ${token} of ${full}`, since, at));
      }
    }
    if (found.arity === 0) return;
    const enough = found.arity > 0 ? words.length === found.arity : words.length >= -found.arity;
    // In a near miss, too few arguments may well be the slip that is meant.
    if (!enough && !mild) {
      const least = Math.abs(found.arity) - (sub ? 2 : 1);
      const given = words.length - (sub ? 2 : 1);
      const wanted = `${found.arity < 0 ? 'at least ' : ''}${count(least, 'argument')}`;
      yield error(at, `${full} takes ${wanted}; here it has ${given}.`);
    }
  }

  *#patterns(node: YamlNode | undefined, field: string): Generator<Problem> {
    for (const item of node?.kind === 'list' ? node.items : node ? [node] : []) {
      if (item.kind !== 'scalar' || typeof item.value !== 'string') continue;
      const [name, ...words] = patternWords(item.value);
      if (name === undefined) {
        yield error(item.at, `"${field}" is a blank pattern.`, 'write the name of a command');
        continue;
      }
      if (/["']/.test(item.value)) {
        yield error(
          item.at,
          'A command pattern knows no quotes: they would have to be part of an argument.',
          'write ? for a space in an argument',
        );
      }
      if (!this.#commands || /[*?]/.test(name)) continue;
      const upper = name.toUpperCase();
      const found =
        this.#commands.lookup(`${upper} ${words[0]?.toUpperCase() ?? ''}`) ?? this.#commands.lookup(upper);
      if (!found) {
        yield error(
          item.at,
          `There is no command "${name}", so no pattern of it matches.`,
          didYouMean(upper, this.#commands.names()),
        );
      } else if (newer(found.since, this.#floor) && field !== 'avoided') {
        yield this.#tooNew(upper, found.since, item.at);
      }
    }
  }

  *#front(commands: string[], node: YamlNode | undefined, shown: string[][] | undefined): Generator<Problem> {
    for (const item of node?.kind === 'list' ? node.items : []) {
      if (item.kind !== 'scalar' || typeof item.value !== 'string') continue;
      const name = item.value;
      const upper = name.toUpperCase();
      if (name !== upper) {
        yield error(
          item.at,
          `The command "${name}" is written in capitals here.`,
          `did you mean "${upper}"?`,
        );
      }
      if (commands.indexOf(name) !== commands.lastIndexOf(name) && node?.kind === 'list') {
        const first = node.items.find((other) => other.kind === 'scalar' && other.value === name);
        if (first !== item) yield error(item.at, `"${name}" stands here twice.`, 'keep one of them');
      }
      const found = this.#commands?.lookup(upper);
      if (this.#commands && !found) {
        yield error(item.at, `There is no command "${name}".`, didYouMean(upper, this.#commands.names()));
        continue;
      }
      if (found && this.#isTooNew(upper.split(' ')[0]!, found.since))
        yield this.#tooNew(upper, found.since, item.at);
      if (shown && !shown.some((words) => matchesCommand(upper, words))) {
        yield warning(
          item.at,
          `No demo and no answer of this lesson uses ${upper}.`,
          'show it, or take it out of the list',
        );
      }
    }
  }

  /** What the exercise says that it needs may be as new as can be. */
  #isTooNew(name: string, since: string): boolean {
    return newer(since, this.#floor) && !this.#needed.has(name);
  }

  #tooNew(name: string, since: string, at: Position): Problem {
    return error(
      at,
      `${name} came with version ${since}; the course's floor is ${this.#floor}.`,
      'use an older way, or raise "floor" in course.yaml',
    );
  }
}

const INSTEAD: Record<Part, string> = {
  given: 'build the state with commands that write',
  meanwhile: 'let the other client read or write data',
  others: 'let it read or write data, or publish',
};

/**
 * Why an answer with this command may do another thing each time, or nothing: undefined where it does the same. `fed`:
 * whoever waits there gets something.
 */
function whyOnce(args: readonly Buffer[], commands: Commands, fed: boolean): string | undefined {
  const name = args[0]?.toString().toUpperCase();
  if (!fed && commands.mayBlock(args)) return `${name} may wait for ever in another world`;
  if (commands.isRandom(args)) return `${name} picks by chance, another thing in each world`;
  // From 0 a cursor begins anew, as it does everywhere.
  const cursor = args[name === 'SCAN' ? 1 : 2]?.toString();
  if (commands.hasCursor(args) && cursor !== '0') return `The cursor ${cursor} belongs to this world alone`;
  return undefined;
}

/** The lines of a `repeat` stand in one place; each mistake is told once. */
function once(lines: Line[]): Line[] {
  return lines.filter(
    ({ at }, i) => i === 0 || at.line !== lines[i - 1]!.at.line || at.column !== lines[i - 1]!.at.column,
  );
}

/** Versions compare by their numbers: 6.2 is 6.2.0, and 6.10 is newer than 6.9. */
function newer(since: string, floor: string): boolean {
  const [a, b] = [since, floor].map((version) => version.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (a![i] ?? 0) - (b![i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
