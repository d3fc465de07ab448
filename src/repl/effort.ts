import type { CodeAnswer, Exercise } from '../course/course.ts';
import type { MarkLanguage, Progress } from '../engine/progress.ts';
import type { RecordedAnswer } from '../engine/recorded-answer.ts';
import { visible } from '../ui/visible.ts';
import { hasSecret } from './history.ts';
import type { Screen } from './screen.ts';

/** What a learner spends on one exercise, and what is kept and said of it. */
export class Effort {
  solved = false;
  /** Judgements that did not pass. */
  tries = 0;
  readonly #exercise: Exercise;
  readonly #screen: Screen;
  readonly #progress: Progress;
  #hints = 0;

  constructor(exercise: Exercise, { screen, progress }: { screen: Screen; progress: Progress }) {
    this.#exercise = exercise;
    this.#screen = screen;
    this.#progress = progress;
  }

  async hint(): Promise<void> {
    const { hints } = this.#exercise;
    if (this.#hints === hints.length) this.#screen.note('That was the last hint. .solution shows an answer.');
    else this.#hints++;
    this.#screen.note(`Hint ${this.#hints} of ${hints.length}`);
    await this.#screen.prose(hints[this.#hints - 1] ?? '');
  }

  /** An answer was shown. */
  async reveal(): Promise<void> {
    if (!this.solved)
      await this.#progress.reveal(this.#exercise.id, { hints: this.#hints, tries: this.tries });
  }

  async skip(): Promise<void> {
    if (!this.solved) await this.#progress.skip(this.#exercise.id, { hints: this.#hints, tries: this.tries });
  }

  /** Keeps that it is solved; what to show then. */
  async solve(answer: RecordedAnswer | undefined, language?: MarkLanguage): Promise<string> {
    const { id, after, server } = this.#exercise;
    this.solved = true;
    // Passwords of a lesson's own server are no secrets.
    const secret = !server && answer && 'lines' in answer && answer.lines.some(hasSecret);
    const how = { ...(language && { language }), ...(!secret && { answer }) };
    await this.#progress.solve(id, { hints: this.#hints, tries: this.tries + 1, ...how });
    return after ? this.#screen.rendered(after) : '';
  }

  /** `after` is what `solve` gave. */
  celebrate(after: string): void {
    const { good, sign } = this.#screen.theme;
    this.#screen.line(good(`${sign.passed} Solved: ${visible(this.#exercise.title)}`));
    if (after) this.#screen.line(`\n${after}\n`);
  }
}

/** Code, each piece under the library that it uses. */
export function showCode(screen: Screen, answers: readonly CodeAnswer[]): void {
  if (answers.length === 0) screen.note('There is no code for this one.');
  for (const { language, source } of answers) {
    screen.note(language === 'node' ? 'node-redis:' : 'redis-py:');
    const lines = visible(source.trimEnd(), 'lines').split('\n');
    screen.line(lines.map((line) => `  ${screen.theme.code(line)}`).join('\n'));
  }
}
