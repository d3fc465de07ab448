/**
 * What is said between the engine and an actor, the process that has a learner's module: JSON, one message a line, on
 * descriptor 3 in both directions. The same in every language; each language has one driver, the program of the actor.
 *
 * An actor has one way out: the unix socket that `begin` names. All that its code does there is held at a gate.
 * Timers and clocks are virtual once it has connected: they stand still until the engine says `time`.
 */

/**
 * A value that passes. JSON data as it is; besides, at any depth, an object with one of these fields alone:
 * `$ref`: a function or object that lives in the actor, by its number. `$fn`: a function of the scenario, by its number.
 * `$client`: the actor's client. `$options`: an object in JavaScript, keyword arguments in Python. `$undefined`: that.
 * `$number`: one that JSON has not, in words. Beside `$fn` may stand the `name` that the function goes by.
 */
export type Wire = unknown;

/** What was thrown, and where in the learner's own file. */
export interface Thrown {
  /** Its class; empty where what was thrown is no error. */
  name: string;
  message: string;
  /** The file as `load` named it, and the line, from 1, nearest to where it was thrown. */
  file?: string;
  line?: number;
  /** It is the error reply of a Redis command. */
  reply?: true;
}

/** What the engine asks; each is answered by `{id, value}` or `{id, error: Thrown}`. */
export type Ask = { id: number } & (
  | {
      /** Takes a module, in place of the one before. `value` is `{missing: string[]}`: exports that it has not. */
      do: 'load';
      file: string;
      source: string;
      exports: string[];
    }
  | {
      /** Begins anew: remotes, functions, timers and connections that the module made are forgotten, the clock is at 0, chance is seeded. Answered once its client is connected. */
      do: 'begin';
      /** The same seed makes the same random numbers, UUIDs and bytes. */
      seed: number;
      /** What the wall clock says as it begins, in ms: the server's own, so that moments mean the same to both. */
      wall: number;
      /** Its client is to be a new one; else the one before serves on, where it is still connected. */
      fresh?: boolean;
      redis: { path: string; username?: string; password?: string; db?: number };
    }
  | {
      /** Calls an export, or a remote, or a method of one; several may be under way. Answered with what it returns, awaited. */
      do: 'call';
      target: { export: string } | { ref: number; method?: string };
      args: Wire[];
    }
  | {
      /**
       * Answered once it is quiet: it has read all that was delivered to it, no connection is being made, and whatever can
       * run has run, so that it waits for Redis, for time, for an answer of the scenario, or for nothing. `value` is Quiet.
       */
      do: 'quiet';
      /** Bytes that were sent to it from the gate, on the connections that there are. */
      delivered: number;
    }
  | {
      /** The clock, in ms since `begin`; timers that are due fire, the earliest first. Answered at once. */
      do: 'time';
      now: number;
    }
  | {
      /** Its wall clock is set on, or back, by so many ms, until `begin`; timers and monotonic clocks go on as before. */
      do: 'jump';
      ms: number;
    }
  | {
      /** `value` is `{line?: number}[]`: connections that the module has opened, and not closed. */
      do: 'open';
    }
);

export interface Quiet {
  /** Bytes that it has written to the gate, on the connections that there are. */
  written: number;
  /** How many connections to the gate there are. */
  connections: number;
  /** When its next timer is due, in ms since `begin`; null where it has none. */
  next: number | null;
}

/** The scenario answers a function that was called: `{answer: call, value}` or `{answer: call, error}`. */
export type Answered = { answer: number; value?: Wire; error?: Thrown };

/** What an actor says unasked, in order with its answers. */
export type Said =
  | { fn: number; call: number; args: Wire[] }
  | { output: string }
  /** `unhandled`: thrown where nobody catches it. `exit`: the code wants to end the process. `unawaited`: a command whose outcome nobody awaits. */
  | { fault: 'unhandled' | 'exit' | 'unawaited'; error: Thrown };

/** A watched process that hangs says where on its standard error, behind these words: the places that it is in, the innermost first. */
export const HANGS = 'hangs at ';

export type FromActor = { id: number; value?: unknown; error?: Thrown } | Said;
