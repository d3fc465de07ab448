import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { BadUsage, ExitCode, Failure } from './failure.ts';

const EXIT_CODES = `
Exit codes:
  0 all passed   1 an answer failed   2 bad usage or answers file
  3 no Redis     4 the course is at fault   130 interrupted`;

const SHELL_HELP = `
With --redis this is a client of that server like any other: no database has
to be empty, nothing is cleaned. Piped input ends with exit code 0, or 1 where
a reply was an error or a line could not be run.`;

const CHECK_HELP = `
Reports, any number of them: --report KIND=FILE, where KIND is json, tap, junit,
ctrf, exercism, check50, gradescope, github-classroom, markdown or csv.
--home, --tmp, --color and --no-color go with every command: rediscover --help.`;

/** Runs the program as `argv` says and sets the process's exit code. Never rejects. */
export async function main(argv: string[]): Promise<void> {
  // Until somebody says otherwise: a process that runs out of things to wait for has not succeeded.
  process.exitCode = ExitCode.failed;
  process.stdout.on('error', endOfOutput);
  process.stderr.on('error', endOfOutput);
  const root = program();
  try {
    await root.parseAsync(argv);
  } catch (error) {
    process.exitCode = await report(error, root, argv.slice(2));
  }
}

function program(): Command {
  const root = new Command('rediscover')
    .description('Learn Redis by doing, in your terminal, against a real Redis.')
    .version(process.env.REDISCOVER_VERSION ?? '0', '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .option('--home <dir>', 'where progress and fetched servers are kept (or REDISCOVER_HOME)', folder)
    .option('--tmp <dir>', 'where private servers live (or TMPDIR)', folder)
    .option('--color', 'colours, whatever the output is (or FORCE_COLOR=1)')
    .option('--no-color', 'no colours (or NO_COLOR=1)')
    .hook('preAction', (command) => surround(command))
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError()
    .configureOutput({ outputError: () => {} })
    .exitOverride();

  redisFlags(root.command('learn', { isDefault: true }))
    .description('go on where you left, or at a lesson or exercise (the default)')
    .argument('[lesson[/exercise]]', 'where to begin; "choose" for a menu')
    .addOption(courseFlag())
    .addOption(trustFlag())
    .addOption(pythonFlag())
    .option('--work <dir>', 'where the code that you write is kept (default: rediscover)', folder)
    .action(async (name, flags) => done((await import('./commands/learn.ts')).runLearn(name, flags)));

  root
    .command('list')
    .description('lessons, exercises and your progress')
    .option('--json', 'as JSON')
    .addOption(courseFlag())
    .action(async (flags) => done((await import('./commands/list.ts')).runList(flags)));

  const progress = root.command('progress').description('what you have solved, skipped or revealed');
  progress
    .option('--json', 'as JSON')
    .addOption(courseFlag())
    .action(async (flags) => done((await import('./commands/progress.ts')).runProgress(flags)));
  progress
    .command('reset')
    .description('forget it, of one lesson or of all; asks first')
    .argument('[lesson]')
    .option('-y, --yes', 'do not ask')
    .addOption(courseFlag())
    .action(async (lesson, flags, command) => {
      const { runProgressReset } = await import('./commands/progress.ts');
      return done(runProgressReset(lesson, { ...command.parent.opts(), ...flags }));
    });

  redisFlags(root.command('shell'))
    .description('the prompt without a lesson; pipes work as with redis-cli')
    .option('--raw', 'print replies raw (default where output is no terminal)')
    .option('--no-raw', 'print replies as on a terminal')
    .addHelpText('after', SHELL_HELP)
    .action(async (flags, command) => {
      const raw = command.getOptionValueSource('raw') === 'default' ? undefined : flags.raw;
      return done((await import('./commands/shell.ts')).runShell({ ...flags, raw }));
    });

  addCheck(root);

  addCourseCommands(root.command('course').description('write and prove a course'));

  redisFlags(root.command('doctor'))
    .description('which Redis, which versions, what the terminal can do')
    .option('--fetch', 'have a Redis at hand for later, offline: fetch one where there is none')
    .option('--json', 'as JSON')
    .action(async (flags) => done((await import('./commands/doctor.ts')).runDoctor(flags)));

  root
    .command('completion')
    .description('print the completion script of a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell) => done((await import('./commands/completion.ts')).runCompletion(shell)));
  root
    .command('help')
    .description('print help of a command')
    .argument('[command...]')
    .action(async (words) => {
      (await import('./commands/misuse.ts')).commandNamed(root, words).outputHelp();
      process.exitCode = ExitCode.passed;
    });
  root
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words) => done((await import('./commands/complete.ts')).runComplete(words, root)));
  return root;
}

/** Flags for all commands stand for variables, which are read in many places. */
function surround(root: Command): void {
  const { home, tmp, color } = root.opts<{ home?: string; tmp?: string; color?: boolean }>();
  if (home !== undefined) process.env.REDISCOVER_HOME = resolve(home);
  if (tmp !== undefined) {
    process.env.TMPDIR = resolve(tmp);
    // It would come first.
    delete process.env.XDG_RUNTIME_DIR;
  }
  if (root.getOptionValueSource('color') === 'cli') process.env.FORCE_COLOR = color ? '1' : '0';
}

function addCheck(root: Command): void {
  redisFlags(root.command('check'))
    .description('judge answers, without a terminal')
    .argument(
      '[names...]',
      'exercises, lessons or patterns as "*ttl*"; all of the course where none is named',
    )
    .option('-a, --answers <file>', 'an answers file, - is standard input; may be given again', listed)
    .option('--from-progress', 'judge again what you have solved')
    .option('--state', 'judge what is on the server that --redis names, as it is now')
    .option('--only-answered', 'judge only what is answered; else what is not has not passed')
    .addOption(new Option('--answered').hideHelp().implies({ onlyAnswered: true }))
    .option('--allow-outside', 'let @file name files outside the folder of the answers file')
    .option('-j, --jobs <number>', 'how many to judge side by side (default: up to one per core)', jobs)
    .option('--timeout <seconds>', 'longest that one answer may take', seconds, 10)
    .option('--min-score <points>', 'the score that is enough, as 12 or 80%', leastScore)
    .addOption(
      new Option('-f, --format <format>', 'what to print')
        .choices(['human', 'json', 'tap', 'github'])
        .default('human'),
    )
    .option('--report <kind=file>', 'also write a report; may be given again', listed)
    .option('--watch', 'go on, and judge again what is saved')
    .option('--hints <number>', 'how many hints to tell of what did not pass', hints, 0)
    .option('--show-solutions', 'show the solutions of what did not pass')
    .addOption(courseFlag())
    .addOption(trustFlag())
    .addOption(pythonFlag())
    .addHelpText('after', CHECK_HELP)
    .action(async (names, flags) => done((await import('./commands/check.ts')).runCheck(names, flags)));
}

function addCourseCommands(course: Command): void {
  course
    .command('new')
    .description('make a course of one working lesson')
    .argument('<name>', 'small letters, digits and dashes')
    .argument('[dir]', 'where to make it; a folder of that name where absent')
    .action(async (name, dir) => done((await import('./commands/course-new.ts')).runCourseNew(name, dir)));
  redisFlags(course.command('lint'))
    .description('find every mistake, with file, line and column')
    .argument('[dir]', 'the course; else the one in this folder, or the built-in one')
    .option('--fix', 'list new exercises in course.yaml')
    .option('--static', 'without a Redis: demos are not run')
    .option('--json', 'as JSON')
    .action(async (dir, flags) =>
      done((await import('./commands/course-lint.ts')).runCourseLint(dir, flags)),
    );
  redisFlags(course.command('test'))
    .description('prove that every answer passes, every near miss and every mutant fails')
    .argument('[dir]', 'the course; else the one in this folder, or the built-in one')
    .option('-o, --only <ids...>', 'only these lessons or exercises')
    .addOption(trustFlag())
    .addOption(pythonFlag())
    .option('--fresh', 'also code exercises that were tested before, just as they are')
    .option('--json', 'as JSON')
    .action(async (dir, flags) =>
      done((await import('./commands/course-test.ts')).runCourseTest(dir, flags)),
    );
  course
    .command('schema')
    .description('print the JSON Schema that editors complete courses with')
    .action(async () => done((await import('./commands/course-schema.ts')).runCourseSchema()));
}

function pythonFlag(): Option {
  return new Option('--python <command>', 'one that has redis-py, for code in Python');
}

function trustFlag(): Option {
  return new Option('--trust-course', 'run the code that a course of somebody else brings');
}

function courseFlag(): Option {
  return new Option('--course <dir>', 'a course of your own instead of the built-in one');
}

function redisFlags(command: Command): Command {
  return command
    .option('--redis <url>', 'a server of yours, at an empty database (or REDISCOVER_REDIS)', address)
    .option('--db <number>', 'its database', wholeNumber)
    .option('--tls-ca <file>', 'certificate of the authority to trust')
    .option('--tls-cert <file>', 'certificate to show')
    .option('--tls-key <file>', 'its key')
    .option('--tls-servername <name>', "name in the server's certificate")
    .option('-y, --yes', 'fetch or build a Redis without asking');
}

/** Empty where a script's variable is not set: a private server is not what was meant. */
function address(text: string): string {
  if (text.trim() === '')
    throw new BadUsage('--redis names no server: its address is empty.', {
      next: 'Write --redis redis://host:port, or leave it out for a private server.',
    });
  return text;
}

/** Empty where a script's variable is not set. */
function folder(path: string): string {
  if (path.trim() === '') throw new InvalidArgumentError('It names no folder.');
  return path;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}

function listed(text: string, before: string[] = []): string[] {
  return [...before, text];
}

function jobs(text: string): number {
  const number = wholeNumber(text);
  if (number < 1 || number > 64) throw new InvalidArgumentError('It is not a number from 1 to 64.');
  return number;
}

function hints(text: string): number {
  if (!/^[0-3]$/.test(text)) throw new InvalidArgumentError('It is not a number from 0 to 3.');
  return Number(text);
}

function leastScore(text: string): { points: number } | { percent: number } {
  const [, digits, percent] = /^(\d{1,6}(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  if (digits === undefined || (percent && Number(digits) > 100))
    throw new InvalidArgumentError('It is neither a number of points nor a percentage, as 80%.');
  return percent ? { percent: Number(digits) } : { points: Number(digits) };
}

function seconds(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 3600))
    throw new InvalidArgumentError('It is not a number of seconds, at most 3600.');
  return number;
}

async function done(code: Promise<ExitCode>): Promise<void> {
  process.exitCode = await code;
}

/** A reader that has seen enough, as `head` has, is no mistake of anybody's, nor is a window that was closed. */
function endOfOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY)) return;
  void import('./ui/say.ts').then(({ say }) => {
    say(`The output cannot be written: ${error.message}`);
    process.exit(ExitCode.failed);
  });
}

function wantsJson(words: string[]): boolean {
  return /\s(--json|(--format|-f)[ =]?json)(\s|$)/.test(` ${words.join(' ')} `);
}

/** Says what went wrong on standard error, and in JSON on standard output where that is the format. */
async function report(error: unknown, root: Command, words: string[]): Promise<ExitCode> {
  const failure = await asFailure(error, root, words);
  if (failure === undefined) return ExitCode.passed;
  const { message, next, exitCode } = failure;
  // Not needed where all is well.
  const { say } = await import('./ui/say.ts');
  say(message);
  if (next) say(next);
  if (wantsJson(words)) {
    const { safeJson } = await import('./report/safe-json.ts');
    process.stdout.write(`${safeJson({ schema: 'rediscover.error/1', message, next, exitCode }, 0)}\n`);
  }
  if (/\brediscover\b/.test(process.env.DEBUG ?? '')) say(traceOf(error));
  return exitCode;
}

async function asFailure(error: unknown, root: Command, words: string[]): Promise<Failure | undefined> {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return undefined;
    return (await import('./commands/misuse.ts')).misuse(error, root, words);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new Failure(`Rediscover has a defect: ${message}`, {
    exitCode: ExitCode.failed,
    next: 'Please report it, with what DEBUG=rediscover shows.',
    cause: error,
  });
}

function traceOf(error: unknown): string {
  const lines: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    lines.push(cause.stack ?? String(cause));
  return lines.join('\ncaused by: ');
}
