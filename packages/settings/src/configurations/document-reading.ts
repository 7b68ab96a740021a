import {
  describeIssue,
  FALLBACK_SETTING,
  POLICY_SETTING,
  PROVIDER_TYPE_SETTING,
  sandboxPolicySchema,
  type IssueDescription,
  type SandboxPolicy,
} from '@sandport/core';
import { z } from 'zod';
import type { ConfigurationDocument } from './configuration-document.ts';
import { providersInUse } from './providers-in-use.ts';
import { parseRowJson } from './row-json.ts';

/** What a row says, or what is wrong with it; a row that is not there says `undefined`. */
export type RowContent<Value> =
  | { readonly value: Value | undefined; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: IssueDescription };

/** The id of the chosen provider. Something that cannot be one is not repeated: it may be a secret that was pasted into the wrong row. */
export function readProviderType(document: ConfigurationDocument): RowContent<string> {
  const text = document.get(PROVIDER_TYPE_SETTING);
  if (text === undefined || text === '' || isProviderId(text)) return { value: text === '' ? undefined : text };
  return { problem: { field: PROVIDER_TYPE_SETTING, message: 'holds something that is no id of a provider' } };
}

/** Whether a text is short and plain enough to be shown as the id of a provider. */
export function isProviderId(text: string): boolean {
  return /^[a-z][a-z0-9_]{0,63}$/.test(text);
}

/** The policy with its defaults. */
export function readPolicy(document: ConfigurationDocument): RowContent<SandboxPolicy> {
  return readRow(document, POLICY_SETTING, sandboxPolicySchema);
}

/** The ids of the fallback chain, in their order. */
export function readFallback(document: ConfigurationDocument): RowContent<readonly string[]> {
  const ids = z.array(z.string().refine(isProviderId, { error: 'is no id of a provider' }));
  return readRow(document, FALLBACK_SETTING, ids);
}

/** The chosen provider and those of the fallback chain, as far as the rows say them. */
export function providersUsedBy(document: ConfigurationDocument): string[] {
  return providersInUse({ providerType: readProviderType(document).value ?? null, fallback: readFallback(document).value ?? [] });
}

function readRow<Schema extends z.ZodType>(document: ConfigurationDocument, row: string, schema: Schema): RowContent<z.output<Schema>> {
  const text = document.get(row);
  if (text === undefined) return { value: undefined };
  const json = parseRowJson(text);
  if (json === undefined) return { problem: { field: row, message: 'is not valid JSON' } };
  const parsed = schema.safeParse(json.value);
  return parsed.success ? { value: parsed.data } : { problem: describeIssue(parsed.error, row) };
}
