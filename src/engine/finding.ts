import type { Position } from '../course/course.ts';

/** Something a course test found wrong. */
export interface Finding {
  at: Position;
  /** The exercise's id, or the lesson's for a demo. */
  subject: string;
  rule:
    | 'given-passes'
    | 'solution-fails'
    | 'accept-fails'
    | 'code-fails'
    | 'reject-passes'
    | 'reject-reason'
    | 'mutant-survives'
    | 'equivalent-unused'
    | 'world-unneeded'
    | 'unstable'
    | 'judging-changes-data'
    | 'demo-error'
    | 'error';
  message: string;
}

export interface CourseTestResult {
  findings: Finding[];
  /** How many of each were tried. */
  counts: {
    exercises: number;
    answers: number;
    rejects: number;
    mutants: number;
    worlds: number;
    snippets: number;
    modules: number;
    /** Code exercises that were tested before, just as they are. */
    kept: number;
    demos: number;
  };
  /** Snippets that nothing here can run, by reason. */
  skipped: Record<string, number>;
  /** Exercises that can't be solved here, by reason. */
  unsolvable: Record<string, number>;
}
