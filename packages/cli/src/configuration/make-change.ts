import { SandboxError, type Passport, type PolicyOverride } from '@sandport/core';
import { providersInUse, type ActiveConfiguration, type ConfigurationChange } from '@sandport/settings';
import { authorOf } from '../authorship.ts';
import { reportWarning } from '../report-error.ts';
import type { ChangeSession } from './change-session.ts';
import { explainConflict } from './explain-conflict.ts';
import { tryVersion, withRemark } from './use-version.ts';

/** What a change came to. */
export interface ChangeOutcome {
  readonly version: number;
  readonly state: 'active' | 'draft';
  /** That the policy was set aside. */
  readonly override: PolicyOverride | null;
  readonly passports: readonly Passport[];
}

/**
 * Stores a change as a version, tries what it would use, and uses it; with `--draft` it is stored only. A version whose trial fails stays as a draft, so that it can be used when the cause
 * was mended.
 *
 * @param what what is done, in a few words without values: the reason where none is given
 */
export async function makeChange(
  session: ChangeSession,
  seen: ActiveConfiguration,
  change: ConfigurationChange,
  what: string,
): Promise<ChangeOutcome> {
  const { context, settings, options } = session;
  const { configurations } = settings;
  const authorship = { author: authorOf(context, options), reason: options.reason ?? what, base: seen.version, signal: context.signal };
  return explainConflict(configurations, context.signal, async (): Promise<ChangeOutcome> => {
    if (options.draft === true) {
      return { version: await configurations.draft(change, authorship), state: 'draft', override: null, passports: [] };
    }
    if (options.test === false || !concernsUse(change, seen)) {
      const reason = options.test === false ? withRemark(authorship.reason, 'without a trial') : authorship.reason;
      const { number, override = null } = await configurations.change(change, { ...authorship, reason, ...overrideOf(session) });
      return { version: number, state: 'active', override, passports: [] };
    }
    const draft = await configurations.draft(change, authorship);
    try {
      return await useDraft(session, seen, draft);
    } catch (error) {
      if (SandboxError.isInstance(error) && error.code === 'CONFIG_CONFLICT') await discard(session, draft, authorship.author);
      throw error;
    }
  });
}

/** Tries a draft and uses it. */
export async function useDraft(session: ChangeSession, seen: ActiveConfiguration, draft: number): Promise<ChangeOutcome> {
  const { context, settings, options } = session;
  const { signal } = context;
  const instead = `Mend the cause and call \`sandport config activate ${draft}\`, or give it up with \`sandport config discard ${draft}\`.`;
  const { passports, remark } = await tryVersion(session, draft, seen, instead);
  const { record } = await settings.configurations.version(draft, { signal });
  const { number, override = null } = await settings.configurations.activate(draft, {
    author: authorOf(context, options),
    reason: withRemark(options.reason ?? record.reason, remark),
    expectedActive: seen.version,
    ...overrideOf(session),
    signal,
  });
  return { version: number, state: 'active', override, passports };
}

/** It would undo what came between, so it can never be used. That it is still there does no harm. */
async function discard({ settings, context }: ChangeSession, draft: number, author: string): Promise<void> {
  try {
    await settings.configurations.discard(draft, { author, reason: 'another version came into use first', signal: context.signal });
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    reportWarning(context, error);
  }
}

/** `--override` as the store takes it. */
export function overrideOf({ options: { override } }: ChangeSession): { readonly override?: { readonly reason: string } } {
  return override === undefined ? {} : { override: { reason: override } };
}

/** Whether a change may touch what is used. */
function concernsUse({ providerType, fallback, policy, providers = {} }: ConfigurationChange, seen: ActiveConfiguration): boolean {
  const used = providersInUse(seen);
  return [providerType, fallback, policy].some((part) => part !== undefined) || Object.keys(providers).some((id) => used.includes(id));
}
