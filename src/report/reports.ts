import type { Result } from '../engine/result.ts';
import { BadUsage } from '../failure.ts';
import { ReportFile } from './report-file.ts';
import type { Beginning, Ending, Fatal, Reporter } from './reporter.ts';
import { REPORT_KINDS, type ReportKind, reporters } from './reporters.ts';

/** What `--report KIND=FILE` asks for. */
export interface Wanted {
  kind: ReportKind;
  file: string;
}

/** Throws BadUsage for anything but `KIND=FILE`. */
export function readWanted(text: string): Wanted {
  const [, kind = '', file = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const known = REPORT_KINDS.find((one) => one === kind);
  if (!known)
    throw new BadUsage(`--report ${JSON.stringify(text)} names no kind of report.`, {
      next: `Write --report KIND=FILE, where KIND is one of ${REPORT_KINDS.join(', ')}.`,
    });
  if (file.trim() === '')
    throw new BadUsage(`--report ${kind}= names no file.`, { next: `Write --report ${kind}=FILE.` });
  return { kind: known, file };
}

/** Several reports of one check. */
export class Reports implements Reporter {
  readonly #all: Reporter[];
  readonly #files: { file: ReportFile; text: () => string }[];

  private constructor(all: Reporter[], files: { file: ReportFile; text: () => string }[]) {
    this.#all = all;
    this.#files = files;
  }

  /** `shown` goes with those in files. Throws BadUsage where a file could not be written, or is named twice. */
  static async open(wanted: readonly Wanted[], shown: readonly Reporter[]): Promise<Reports> {
    const all = [...shown];
    const files: { file: ReportFile; text: () => string }[] = [];
    for (const { kind, file: path } of wanted) {
      if (wanted.filter(({ file }) => file === path).length > 1)
        throw new BadUsage(`Two reports would go to ${path}.`);
      const file = await ReportFile.at(path);
      const pieces: string[] = [];
      const make = await reporters[kind]();
      all.push(make((text) => void pieces.push(text)));
      files.push({ file, text: () => pieces.join('') });
    }
    return new Reports(all, files);
  }

  start(beginning: Beginning): void {
    for (const one of this.#all) one.start(beginning);
  }

  result(result: Result): void {
    for (const one of this.#all) one.result(result);
  }

  /** Writes the files. Throws BadUsage where one cannot be written; the others are. */
  end(ending: Ending): void {
    for (const one of this.#all) one.end(ending);
    this.#write();
  }

  fatal(fatal: Fatal): void {
    for (const one of this.#all) one.fatal(fatal);
    this.#write();
  }

  #write(): void {
    let failed: unknown;
    for (const { file, text } of this.#files) {
      try {
        file.write(text());
      } catch (error) {
        failed ??= error;
      }
    }
    if (failed) throw failed;
  }
}
