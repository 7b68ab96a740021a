import { configDigest, type JsonObject } from '@sandport/core';
import type { SettingsLocation } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { readStoredProvider } from '../settings/read-stored-provider.ts';
import { secretFieldsOf, type Connection, type ConnectionForm } from './connection-form.ts';

/** A configuration that reaches the service, or what it lacks. */
export interface LiveConfig {
  /** Whether any of it is stored; the environment gives what is not. */
  readonly isStored: boolean;
  /** With secrets in the clear. */
  readonly config: JsonObject;
  /** Digest of what is stored, or of the configuration itself where nothing is. */
  readonly digest: string;
  /** Fields that neither the settings nor the environment has. */
  readonly missing: readonly string[];
}

/** The configuration with which a live account is reached: the stored one, and what it lacks from the environment, as the provider takes it. */
export async function findLiveConfig(context: CliContext, form: ConnectionForm, location: SettingsLocation): Promise<LiveConfig> {
  const stored = await readStoredProvider(context, form.providerId, location);
  const environment = form.fromEnvironment(context.environment, textsOf(stored?.config ?? {}));
  // A stored key is whole: what lies in the environment belongs to another one.
  const hasKey = form.keyMarks.some((name) => stored?.config[name] !== undefined);
  const given = Object.entries(environment).filter(([name]) => !(hasKey && form.keyFields.includes(name)));
  const config: JsonObject = { ...Object.fromEntries(given), ...stored?.config };
  // A digest is shown, and is not to be a test for guessed secrets.
  const secrets = secretFieldsOf(form);
  const open = Object.fromEntries(Object.entries(config).filter(([name]) => !secrets.includes(name)));
  return { isStored: stored !== undefined, config, digest: stored?.digest ?? configDigest(open), missing: form.missingIn(config) };
}

function textsOf(config: JsonObject): Connection {
  return Object.fromEntries(Object.entries(config).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
