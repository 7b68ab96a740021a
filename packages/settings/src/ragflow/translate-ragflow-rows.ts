import {
  jsonObjectSchema,
  PROVIDER_TYPE_SETTING,
  providerConfigSetting,
  providerOfSetting,
  type JsonObject,
  type JsonValue,
  type Setting,
} from '@sandport/core';
import { RAGFLOW_PROVIDERS, type FieldRule } from './ragflow-fields.ts';

/** Something that was left behind, and what to do about it. No value is repeated, since it may be a secret. */
export interface LeftOut {
  readonly row: string;
  /** Absent when it is the whole row. */
  readonly field?: string;
  readonly reason: string;
  readonly advice: string;
}

/** A configuration in our shape, with its secrets in the clear. */
export interface TranslatedProvider {
  readonly config: JsonObject;
  readonly secretFields: readonly string[];
}

/** What RAGFlow's rows say in our words. */
export interface RagflowTranslation {
  /** The chosen provider; `undefined` when none is chosen that can be carried. */
  readonly providerType: string | undefined;
  readonly providers: ReadonlyMap<string, TranslatedProvider>;
  readonly leftOut: readonly LeftOut[];
}

/** The rows of RAGFlow's table that can concern sandboxes. */
export const RAGFLOW_ROWS: readonly string[] = [PROVIDER_TYPE_SETTING, ...Object.keys(RAGFLOW_PROVIDERS).map(providerConfigSetting)];

/** RAGFlow takes this provider when none is stored. */
const RAGFLOW_DEFAULT_PROVIDER = 'self_managed';

/** Translates the rows of a RAGFlow installation, and says what could not be carried. Nothing is thrown: what is broken is left out by name. */
export function translateRagflowRows(rows: ReadonlyMap<string, Setting>): RagflowTranslation {
  const leftOut: LeftOut[] = [];
  const providers = new Map<string, TranslatedProvider>();
  for (const [name, { value }] of rows) {
    const id = providerOfSetting(name);
    if (id === undefined) continue;
    const translated = translateProvider(id, name, value, leftOut);
    if (translated !== undefined) providers.set(translated.id, translated);
  }
  return { providerType: chosenProvider(rows, providers, leftOut), providers, leftOut };
}

function translateProvider(
  id: string,
  row: string,
  text: string,
  leftOut: LeftOut[],
): (TranslatedProvider & { readonly id: string }) | undefined {
  const config = parseRow(text);
  const rule = Object.hasOwn(RAGFLOW_PROVIDERS, id) ? RAGFLOW_PROVIDERS[id] : undefined;
  if (rule === undefined) {
    leftOut.push({
      row,
      reason: 'is no provider of RAGFlow that is known here',
      advice: 'Configure a provider of this installation instead.',
    });
  } else if ('dropped' in rule) {
    leftOut.push({ row, reason: rule.dropped, advice: rule.advice });
  } else if (config === undefined) {
    leftOut.push({
      row,
      reason: 'does not hold a JSON object',
      advice: `Configure it anew with: sandport config set ${rule.to} KEY=VALUE`,
    });
  } else if (Object.keys(config).length > 0) {
    // RAGFlow seeds empty rows for providers that nobody has configured.
    return { id: rule.to, ...translateFields(row, config, rule.fields, leftOut) };
  }
  return undefined;
}

function translateFields(
  row: string,
  config: JsonObject,
  rules: Readonly<Record<string, FieldRule>>,
  leftOut: LeftOut[],
): TranslatedProvider {
  const carried: [string, JsonValue][] = [];
  const secretFields: string[] = [];
  for (const [field, value] of Object.entries(config)) {
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    if (rule === undefined) {
      leftOut.push({ row, field, reason: 'is no field that RAGFlow uses', advice: 'Nothing has to be done.' });
    } else if ('dropped' in rule) {
      leftOut.push({ row, field, reason: rule.dropped, advice: rule.advice });
    } else if (value !== '' && value !== null) {
      const converted = rule.convert(value);
      if (converted === undefined) leftOut.push({ row, field, reason: 'has a value of another type', advice: `Set "${rule.to}" by hand.` });
      else {
        carried.push([rule.to, converted]);
        if (rule.secret === true) secretFields.push(rule.to);
      }
    }
  }
  return { config: Object.fromEntries(carried), secretFields };
}

function chosenProvider(
  rows: ReadonlyMap<string, Setting>,
  providers: ReadonlyMap<string, TranslatedProvider>,
  leftOut: LeftOut[],
): string | undefined {
  const chosen = rows.get(PROVIDER_TYPE_SETTING)?.value ?? RAGFLOW_DEFAULT_PROVIDER;
  const rule = Object.hasOwn(RAGFLOW_PROVIDERS, chosen) ? RAGFLOW_PROVIDERS[chosen] : undefined;
  if (rule !== undefined && 'to' in rule && providers.has(rule.to)) return rule.to;
  leftOut.push({
    row: PROVIDER_TYPE_SETTING,
    reason: rule === undefined ? 'names no provider of RAGFlow' : `names "${chosen}", whose configuration could not be carried`,
    advice: 'Choose a provider with: sandport config use PROVIDER',
  });
  return undefined;
}

function parseRow(text: string): JsonObject | undefined {
  try {
    const parsed = jsonObjectSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
