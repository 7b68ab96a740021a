import { describeIssue, SandboxError, type JsonObject, type ProviderDefinition } from '@sandport/core';
import { z } from 'zod';
import type { CallDefaults } from './call-defaults.ts';
import { FOLLOWER_TIMING } from './configuration/follower-timing.ts';
import type { SettingsInput } from './settings-source.ts';
import type { WarningListener } from './warning-listener.ts';

/** What every client can be told. */
interface CommonClientOptions {
  /** What calls mean that do not say otherwise. */
  readonly defaults?: CallDefaults | undefined;
  /**
   * Told when a sandbox could not be destroyed or a provider could not be closed: something may be left behind on the far side,
   * while the call keeps its result. @default a warning of the process
   */
  readonly onWarning?: WarningListener | undefined;
  /** The time in milliseconds since the epoch, by which the age of a passport is told and calls are counted. @default Date.now */
  readonly wallClock?: (() => number) | undefined;
}

/** What a client is made of that follows a stored configuration. */
export interface StoredClientOptions extends CommonClientOptions {
  /** Where the configuration is stored. A store stays the caller's to close; one that a function opens is closed by the client. */
  readonly settings: SettingsInput;
  /** The providers that this program carries. The stored configuration chooses one of them. */
  readonly providers: readonly ProviderDefinition[];
  /**
   * Number of a recorded version to stay with, whatever version is in use. Proofs (passports) are no part of a version: those of this moment count, and so does an
   * override of the policy only while this very version is the one in use. @default none: the client follows the configuration in use
   */
  readonly version?: number | undefined;
  /** Pause between two looks at the stored configuration while the client is in use, in milliseconds: 10 to 60000. @default 300 */
  readonly pollIntervalMs?: number | undefined;
  /**
   * Whether the settings are told how many calls there were and how long they took, so that an operator sees those of all programs: every 10 seconds while there are
   * some, and at `close`. Nothing of a program is told, and no call waits for it. @default true, where the settings keep it
   */
  readonly reportUsage?: boolean | undefined;
  readonly provider?: undefined;
  readonly config?: undefined;
}

/**
 * What a client is made of that has one provider, named in the program itself: nothing is stored, and nobody else can change it. There is no policy and no fall-back;
 * idempotency keys are refused with `CAPABILITY_UNSUPPORTED`.
 */
export interface OneProviderClientOptions extends CommonClientOptions {
  /** The provider that runs every call. */
  readonly provider: ProviderDefinition;
  /** Its configuration, as JSON; a secret is a text here. @default {}: the defaults of its schema */
  readonly config?: JsonObject | undefined;
  readonly settings?: undefined;
  readonly providers?: undefined;
  readonly version?: undefined;
  readonly pollIntervalMs?: undefined;
  readonly reportUsage?: undefined;
}

/** What a client is made of: where its configuration is stored, or its one provider. */
export type SandboxClientOptions = StoredClientOptions | OneProviderClientOptions;

const optionsSchema = z.object({
  version: z.int().positive().optional(),
  pollIntervalMs: z.int().min(10).max(60_000).default(FOLLOWER_TIMING.pollIntervalMs),
  reportUsage: z.boolean().default(true),
  wallClock: z.custom<() => number>((value) => typeof value === 'function', 'must be a function').default(() => Date.now),
});

/** Options that were checked. */
export interface CheckedOptions {
  readonly version: number | undefined;
  readonly pollIntervalMs: number;
  readonly reportUsage: boolean;
  readonly wallClock: () => number;
}

/** @throws SandboxError `REQUEST_INVALID` naming the option. */
export function checkClientOptions(options: StoredClientOptions): CheckedOptions {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return { ...parsed.data, version: parsed.data.version };
  const { field, message } = describeIssue(parsed.error, 'options');
  throw new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, {
    suggestion: `Correct "${field}" where the client is created.`,
    details: { field },
    cause: parsed.error,
  });
}
