/** The flags that say which Redis to use; see `addRedisFlags` in cli.ts. */
export interface RedisFlags {
  redis?: string;
  db?: number;
  tlsCa?: string;
  tlsCert?: string;
  tlsKey?: string;
  tlsServername?: string;
  yes?: boolean;
}

/** The flag of commands that work on a course. */
export interface CourseFlags {
  /** A course's folder; the built-in course where absent. */
  course?: string;
}

/** The flag of commands that run code. */
export interface PythonFlags {
  /** The python to run modules in Python with. */
  python?: string;
}

/** The flag of commands that may run the code of a course. */
export interface TrustFlags {
  /** Runs it, whoever wrote it. */
  trustCourse?: boolean;
}

/** The flags of `learn`. */
export interface LearnFlags extends RedisFlags, CourseFlags, TrustFlags, PythonFlags {
  /** The folder of what the learner writes; `rediscover` in the current one where absent. */
  work?: string;
}
