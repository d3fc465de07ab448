import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Root } from 'mdast';
import { findPython, makeVenv, usePython } from '../code/python.ts';
import { type Course, exerciseNamed, exercisesOf } from '../course/course.ts';
import { openProgress, type Progress } from '../engine/progress.ts';
import type { Scenarios } from '../engine/scenarios.ts';
import { WorkFolder } from '../engine/work-folder.ts';
import { Worlds } from '../engine/worlds.ts';
import { ExitCode, Failure } from '../failure.ts';
import { historyFile } from '../folders.ts';
import { Assistant } from '../repl/assistant.ts';
import { History } from '../repl/history.ts';
import { LessonSession } from '../repl/lesson-session.ts';
import { Prompt } from '../repl/prompt.ts';
import { Screen } from '../repl/screen.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { visible } from '../ui/visible.ts';
import { choose } from './ask.ts';
import { openCourse } from './course-option.ts';
import type { CourseFlags, LearnFlags } from './flags.ts';
import { openAside, openRedis } from './redis-option.ts';
import { closeOnSignals, hangUp } from './signals.ts';
import { isTrusted } from './trust.ts';

/** Lessons at this terminal, on the sandbox that is on its way, until the learner leaves. */
export async function walkLessons(
  name: string | undefined,
  flags: LearnFlags,
  sandbox: Promise<Sandbox>,
): Promise<void> {
  const course = await openCourse(flags);
  const trusted = await isTrusted(course, flags.course, flags, 'scenarios');
  const screen = new Screen(process.stdout, await treesOf(flags));
  const progress = await openProgress(course, { onWarning: (warning) => screen.note(warning) });
  for (const warning of progress.warning?.split('\n') ?? []) screen.note(warning);
  // Before the prompt takes the keyboard: getting a server may have to ask.
  const first = await sandbox;
  let session: LessonSession | undefined;
  let prompt: Prompt | undefined;
  const worlds = new Worlds((server) => openAside(flags, server));
  const work = flags.work ?? 'rediscover';
  usePython({ given: flags.python, venv: join(work, '.venv') });
  let scenarios: Promise<Scenarios> | undefined;
  const judge = () => {
    scenarios ??= import('../engine/scenarios.ts').then(
      ({ Scenarios }) => new Scenarios((server) => openAside(flags, server), { trusted }),
    );
    return scenarios;
  };
  const close = async () => {
    prompt?.close();
    await Promise.all([
      session?.close() ?? first.close(),
      worlds.close(),
      scenarios?.then((one) => one.close()),
      progress.settled(),
    ]);
  };
  const release = closeOnSignals(close, () => prompt?.signalled() ?? false);
  try {
    const start = await startOf(course, name, progress);
    if (start === undefined) return;
    welcomeBack(screen, course, progress);
    const assistant = new Assistant({ keys: () => session?.keys ?? [], course });
    const keyboard = new Prompt({
      input: process.stdin,
      output: process.stdout,
      history: await History.load(historyFile()),
      complete: (line) => assistant.complete(line),
      hint: (line) => assistant.hint(line),
      dim: screen.theme.colour ? screen.theme.dim : undefined,
      onInterrupt: (typed) => session?.interrupt(typed),
    });
    prompt = keyboard;
    session = new LessonSession({
      course,
      progress,
      prompt: keyboard,
      screen,
      sandbox: first,
      worlds,
      judge,
      work: new WorkFolder(work),
      pythons: { find: findPython, make: makeVenv },
      reopen: () => openRedis(flags, { quiet: true }),
      openServer: (server) => openAside(flags, server),
      choose: (message, choices) => keyboard.lend(() => choose(message, choices)),
      onIdle: () => void assistant.learnFrom(session!.sandbox.engine).catch(() => {}),
    });
    await session.run(start);
  } finally {
    await close();
    release();
    hangUp(prompt);
  }
}

/** The exercise to begin at: the one named, the first of the lesson named or chosen, or where the learner left. */
async function startOf(
  course: Course,
  name: string | undefined,
  progress: Progress,
): Promise<string | undefined> {
  if (name !== undefined && name !== 'choose') return exerciseNamed(course, name);
  if (name === undefined && progress.next !== undefined) return progress.next;
  const choices = course.lessons.map((lesson) => {
    const exercises = exercisesOf({ ...course, lessons: [lesson] });
    const solved = `${progress.solved(exercises)} of ${exercises.length} solved`;
    return { name: `${visible(lesson.title)} (${lesson.minutes} minutes, ${solved})`, value: lesson.id };
  });
  const message = name === undefined ? 'All is solved. Which lesson again?' : 'Which lesson?';
  const chosen = await choose(message, choices);
  if (chosen === undefined) throw new Failure('Nothing chosen.', { exitCode: ExitCode.interrupted });
  return exerciseNamed(course, chosen);
}

function welcomeBack(screen: Screen, course: Course, progress: Progress): void {
  const all = exercisesOf(course);
  const solved = progress.solved(all);
  if (solved === 0) return;
  screen.note(`Welcome back: ${solved} of ${all.length} solved. .list shows what there is, .go leads there.`);
}

/** Trees of the built-in course come from the build; another course's prose is parsed as it is met. */
async function treesOf(flags: CourseFlags): Promise<LessonTrees> {
  if (flags.course === undefined) {
    const file = new URL('./prose.json', import.meta.url);
    const trees = JSON.parse(await readFile(file, 'utf8')) as Record<string, Root>;
    return (markdown) => trees[markdown] ?? parse(markdown);
  }
  return parse;
}

type LessonTrees = (markdown: string) => Root | Promise<Root>;

async function parse(markdown: string): Promise<Root> {
  return (await import('../ui/markdown.ts')).parseMarkdown(markdown);
}
