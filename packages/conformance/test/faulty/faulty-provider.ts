import type { Language } from '@sandport/core';
import type { Habits } from '../unisolated/habits.ts';

/** A provider that lies in one way, and every case that finds it out. */
export interface FaultyProvider {
  /** What it does otherwise than the reference. */
  readonly habits: Partial<Habits>;
  /** The language in which it lies, when it does not lie in both. Then the cases are run in that one, else in the host's first. */
  readonly language?: Language;
  /** How many cases run at one time, where neighbours would make the outcome a matter of luck. @default 4 */
  readonly concurrency?: number;
  /** Ids of the cases that fail, without the language. A case that exists in one language only fails in that one. */
  readonly fails: readonly string[];
}

/** Faulty providers by the names of their lies. */
export type FaultyProviders = Readonly<Record<string, FaultyProvider>>;
