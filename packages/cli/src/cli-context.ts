import type { Readable, Writable } from 'node:stream';
import type { ProviderDefinition } from '@sandport/core';
import type { prepareProvider } from '@sandport/preparation';
import type { BuildImagesOptions, BuiltImage, LeftBehind, RemoveLeftBehindOptions } from '@sandport/provider-docker';

/** A stream that text is written to, whether a person looks at it, and how many characters stand in a line there. */
export type TextOutput = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** A stream that is read, and, when a person types into it, a way to keep what is typed from being shown. */
export type TextInput = Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };

/** Everything outside of itself that the command line touches. */
export interface CliContext {
  readonly providers: readonly ProviderDefinition[];
  /** Tries a provider with one very configuration. */
  readonly prepareProvider: typeof prepareProvider;
  readonly buildImages: (options: BuildImagesOptions) => Promise<readonly BuiltImage[]>;
  readonly removeLeftBehind: (options: RemoveLeftBehindOptions) => Promise<readonly LeftBehind[]>;
  readonly stdin: TextInput;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** The variables of the process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  /** Who runs the command, as `user@host`. */
  readonly operator: string;
  /** Fires when the person or the system wants the command to end; its reason is an {@link Interruption}. */
  readonly signal: AbortSignal;
}
