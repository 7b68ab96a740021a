import { configDigest } from '@sandport/core';
import { changedRows, type ConfigurationDocument } from './configuration-document.ts';
import { readRowObject } from './row-json.ts';

/** As {@link changedRows}, without those that say the same under another master key: keys are replaced document by document. */
export function rowsThatDiffer(before: ConfigurationDocument, after: ConfigurationDocument): string[] {
  return changedRows(before, after).filter((row) => !differsOnlyInWrapping(before, after, row));
}

function differsOnlyInWrapping(before: ConfigurationDocument, after: ConfigurationDocument, row: string): boolean {
  const [old, next] = [before, after].map((document) => readRowObject(document.get(row) ?? '').config);
  return old !== undefined && next !== undefined && configDigest(old) === configDigest(next);
}
