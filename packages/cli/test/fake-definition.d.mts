import type { ProviderDefinition } from '@sandport/core';

/** Options of a fake. */
export interface FakeOptions {
  /** @default 'fake' */
  readonly id?: string;
  /** Told of each thing that happens. */
  readonly onEvent?: (event: string) => void;
  /** How long ending a sandbox takes. @default 0 */
  readonly destroyMs?: number;
}

/** A provider whose programs are lists of commands that the fake itself obeys; see the source. */
export declare function fakeDefinition(options?: FakeOptions): ProviderDefinition;

/** Tells each event on a line of the process's stderr. */
export declare function tellOnStderr(event: string): void;
