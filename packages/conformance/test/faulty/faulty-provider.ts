import type { Language, ProviderCapabilities } from '@sandport/core';
import type { Habits } from '../unisolated/habits.ts';

/** A provider that lies in one way, and every case that finds it out. */
export interface FaultyProvider {
  /** What it does otherwise than the reference. */
  readonly habits: Partial<Habits>;
  /** What it declares otherwise than the reference. */
  readonly capabilities?: Partial<ProviderCapabilities>;
  /** The language in which it lies, when it does not lie in both. Then the cases are run in that one, else in the host's first. */
  readonly language?: Language;
  /** How many cases run at one time, where neighbours would make the outcome a matter of luck. @default 4 */
  readonly concurrency?: number;
  /** The cases on which it is tried, by the beginnings of their ids. @default those of {@link isAboutOneCall} */
  readonly among?: readonly string[];
  /** Ids of the cases that fail, without the language. A case that exists in one language only fails in that one. */
  readonly fails: readonly string[];
}

/** Faulty providers by the names of their lies. */
export type FaultyProviders = Readonly<Record<string, FaultyProvider>>;

/** Cases about what outlives a call, and cases that move much or wait long: lies about them name them. */
const ABOUT_MORE = [
  'cancellation/while-collecting',
  'cancellation/while-creating',
  'cancellation/while-many-wait',
  'cancellation/while-starting',
  'cancellation/withdrawn',
  'contexts/',
  'displays/',
  'files/stream-',
  'input/',
  'lifetimes/',
  'limits/open-files',
  'output/back-pressure',
  'output/hundred-megabytes',
  'output/many-small-lines',
  'output/released-listener',
  'output/slow-listener',
  'reconnection/',
  'sandboxes/',
] as const;

/** Whether a case is about a single call and cheap, so that every lie can be tried on it. */
export function isAboutOneCall(id: string): boolean {
  return !ABOUT_MORE.some((beginning) => id.startsWith(beginning));
}
