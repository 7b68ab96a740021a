import { providerOfSetting, SandboxError, type JsonObject, type JsonValue } from '@sandport/core';
import type { KeyRing } from '../secrets/key-ring.ts';
import { rewrapSealedConfig } from '../secrets/sealed-config.ts';
import { openText, parseRecorded, sealedTextName, sealText } from './recorded-document.ts';
import { readRowObject } from './row-json.ts';

/** What became of one text: a new text, `undefined` where it may stay as it is, `unreadable` where no key here can open it. */
type Rewrapped<Text> = Text | 'unreadable' | undefined;

/** What became of a recorded document. */
export interface RewrappedDocument {
  /** `undefined` when nothing in it had to change. */
  readonly recorded: string | undefined;
  readonly rewrappedRows: number;
  /** Rows that no key here can open. */
  readonly unreadableRows: readonly string[];
}

/**
 * Wraps the data keys of stored secrets under the current master key. One text of a row always becomes the same other text, so that the rows in use and the version that they come
 * from go on being equal.
 */
export class RowRewrap {
  readonly #keyRing: KeyRing;
  readonly #known = new Map<string, Rewrapped<string>>();

  constructor(keyRing: KeyRing) {
    this.#keyRing = keyRing;
  }

  row(name: string, text: string): Rewrapped<string> {
    const key = JSON.stringify([name, text]);
    const known = this.#known.has(key) ? this.#known.get(key) : this.#rewrapText(name, text);
    this.#known.set(key, known);
    return known;
  }

  /** @throws SandboxError `CONFIG_INVALID` when the document cannot be read. */
  document(version: number, recorded: string): RewrappedDocument {
    const unreadableRows: string[] = [];
    let rewrappedRows = 0;
    const entries = Object.entries(parseRecorded(version, recorded)).map(([row, entry]): [string, JsonValue] => {
      const { outcome, isUnreadable } = typeof entry === 'string' ? outcomeOf(this.row(row, entry)) : this.#rewrapSealedText(row, entry);
      if (isUnreadable) unreadableRows.push(row);
      if (outcome === undefined) return [row, entry];
      rewrappedRows += 1;
      return [row, outcome];
    });
    const changed = rewrappedRows === 0 ? undefined : JSON.stringify(Object.fromEntries(entries));
    return { recorded: changed, rewrappedRows, unreadableRows };
  }

  #rewrapText(name: string, text: string): Rewrapped<string> {
    if (providerOfSetting(name) === undefined) return undefined;
    const { config } = readRowObject(text);
    const outcome = config === undefined ? undefined : this.#rewrapConfig(name, config);
    return typeof outcome === 'object' ? JSON.stringify(outcome) : outcome;
  }

  /** The text may have sealed secrets of its own beside what made it worth sealing. */
  #rewrapSealedText(row: string, entry: JsonObject): { outcome: JsonObject | undefined; isUnreadable: boolean } {
    const outer = outcomeOf(this.#rewrapConfig(sealedTextName(row), entry));
    if (outer.isUnreadable) return outer;
    const inner = outcomeOf(this.row(row, openText(row, entry, this.#keyRing)));
    const outcome = inner.outcome === undefined ? outer.outcome : sealText(row, inner.outcome, this.#keyRing);
    return { outcome, isUnreadable: inner.isUnreadable };
  }

  #rewrapConfig(row: string, config: JsonObject): Rewrapped<JsonObject> {
    try {
      return rewrapSealedConfig({ row, config, keyRing: this.#keyRing });
    } catch (error) {
      if (SandboxError.isInstance(error) && error.code === 'SECRET_UNREADABLE') return 'unreadable';
      throw error;
    }
  }
}

function outcomeOf<Text>(rewrapped: Rewrapped<Text>): { outcome: Text | undefined; isUnreadable: boolean } {
  return rewrapped === 'unreadable' ? { outcome: undefined, isUnreadable: true } : { outcome: rewrapped, isUnreadable: false };
}
