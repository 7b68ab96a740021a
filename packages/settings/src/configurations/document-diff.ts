import {
  configDigest,
  FALLBACK_SETTING,
  POLICY_SETTING,
  PROVIDER_TYPE_SETTING,
  providerOfSetting,
  SandboxError,
  SEALED_MEMBER,
  type JsonObject,
  type JsonValue,
} from '@sandport/core';
import type { KeyRing } from '../secrets/key-ring.ts';
import { openSealedConfig } from '../secrets/sealed-config.ts';
import { sealedFieldsOf } from '../secrets/sealed-member.ts';
import { readFallback, readProviderType } from './document-reading.ts';
import type { ProviderCatalog } from './provider-catalog.ts';
import { readProviderRow } from './provider-row.ts';
import type { RecordedDocument } from './recorded-document.ts';
import { readRowObject } from './row-json.ts';

/** One difference between two versions. */
export interface ConfigurationDifference {
  readonly row: string;
  /** Name of the field; `null` when it is the row itself that came, went or cannot be taken apart. */
  readonly field: string | null;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Absent where there was none, and for everything that is or may be secret. */
  readonly before?: JsonValue;
  /** Absent where there is none, and for everything that is or may be secret. */
  readonly after?: JsonValue;
  /** Whether the values may not be shown. */
  readonly secret: boolean;
}

/** A field as it is compared. */
interface ComparedField {
  /** What may be shown; `undefined` for a secret. */
  readonly shown: JsonValue | undefined;
  /** Equal for equal values, and never shown. */
  readonly identity: string | symbol;
}

/** Compares secrets with the keys at hand. Without a fitting key, secrets that were sealed anew count as changed, since nobody can say. */
export interface DiffContext {
  readonly catalog: ProviderCatalog;
  readonly keyRing: KeyRing | undefined;
}

/** What changed from one document to another, by row and field. Values of secrets are never part of it. */
export function diffDocuments(before: RecordedDocument, after: RecordedDocument, context: DiffContext): ConfigurationDifference[] {
  const rows = new Set([before, after].flatMap((document) => [...document.rows.keys(), ...document.unreadable.keys()]));
  return [...rows].toSorted().flatMap((row) => diffRow(row, fieldsOf(row, before, context), fieldsOf(row, after, context)));
}

type RowFields = ReadonlyMap<string | null, ComparedField>;

function diffRow(row: string, before: RowFields, after: RowFields): ConfigurationDifference[] {
  // The row itself comes first, then its fields by name.
  const fields = [...new Set([...before.keys(), ...after.keys()])].toSorted((left, right) => ((left ?? '') < (right ?? '') ? -1 : 1));
  return fields.flatMap((field): ConfigurationDifference[] => {
    const [old, next] = [before.get(field), after.get(field)];
    if (old?.identity === next?.identity) return [];
    const kind = old === undefined ? 'added' : next === undefined ? 'removed' : 'changed';
    const secret = [old, next].some((side) => side !== undefined && side.shown === undefined);
    const values = secret ? {} : { ...valueAs('before', old), ...valueAs('after', next) };
    return [{ row, field, kind, ...values, secret }];
  });
}

function valueAs(name: 'before' | 'after', field: ComparedField | undefined): { before?: JsonValue; after?: JsonValue } {
  return field?.shown === undefined ? {} : { [name]: field.shown };
}

/** The row itself is the field `null`, so that an empty one is seen to come and go. */
function fieldsOf(row: string, { rows, unreadable }: RecordedDocument, context: DiffContext): RowFields {
  const obstacle = unreadable.get(row);
  if (obstacle !== undefined) return new Map([[null, { shown: undefined, identity: Symbol('unreadable') }]]);
  const text = rows.get(row);
  if (text === undefined) return new Map();
  const whole = (shown: JsonValue | undefined): RowFields => new Map([[null, { shown, identity: `text ${text}` }]]);
  if (row === PROVIDER_TYPE_SETTING) return whole(readProviderType(rows).value);
  if (row === FALLBACK_SETTING) return whole(readFallback(rows).value?.slice());
  const { config } = readRowObject(text);
  if (config === undefined) return whole(undefined);
  if (row === POLICY_SETTING) return new Map([objectMark, ...shownFields(config)]);
  const providerId = providerOfSetting(row);
  return providerId === undefined ? whole(undefined) : new Map([objectMark, ...providerFields(row, providerId, text, context)]);
}

const objectMark: [null, ComparedField] = [null, { shown: null, identity: 'object' }];

function providerFields(row: string, providerId: string, text: string, { catalog, keyRing }: DiffContext): [string, ComparedField][] {
  const { config = {}, plain, clearSecrets, unknown } = readProviderRow(catalog, providerId, text);
  return [...shownFields(plain), ...hiddenFields({ ...clearSecrets, ...unknown }), ...sealedFields(row, config, keyRing)];
}

function sealedFields(row: string, config: JsonObject, keyRing: KeyRing | undefined): [string, ComparedField][] {
  if (!Object.hasOwn(config, SEALED_MEMBER)) return [];
  const sealed = { [SEALED_MEMBER]: config[SEALED_MEMBER] ?? null };
  // The digest leaves out which master key wrapped the row.
  const identity = `sealed ${configDigest(sealed)}`;
  try {
    const opened = opening(row, sealed, keyRing);
    const fields = sealedFieldsOf({ row, config: sealed });
    return opened === undefined ? fields.map((field) => [field, { shown: undefined, identity }]) : hiddenFields(opened);
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    return [[SEALED_MEMBER, { shown: undefined, identity }]];
  }
}

function opening(row: string, config: JsonObject, keyRing: KeyRing | undefined): JsonObject | undefined {
  try {
    return openSealedConfig({ row, config, keyRing });
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === 'SECRET_UNREADABLE') return undefined;
    throw error;
  }
}

function shownFields(config: JsonObject): [string, ComparedField][] {
  return Object.entries(config).map(([name, value]) => [name, { shown: value, identity: digestOf(value) }]);
}

function hiddenFields(config: JsonObject): [string, ComparedField][] {
  return Object.entries(config).map(([name, value]) => [name, { shown: undefined, identity: digestOf(value) }]);
}

/** Does not depend on the order of members. */
function digestOf(value: JsonValue): string {
  return configDigest({ value });
}
