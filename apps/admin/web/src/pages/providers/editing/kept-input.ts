import { isSameValue, takeOver, type Config, type FormInput } from './form-input.ts';

/** Input that was not saved, as it is kept in the browser's tab. Secrets are never kept. */
export interface KeptInput {
  /** What was stored when it was entered. */
  readonly before: Config;
  readonly config: Config;
  readonly atMs: number;
}

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Keeps unsaved input of one form, or forgets it when there is nothing unsaved. */
export function keepInput(storage: Storage, name: string, before: Config, { config }: FormInput, nowMs: number): void {
  if (isSameValue(before, config)) {
    storage.removeItem(name);
    return;
  }
  const kept: KeptInput = { before, config, atMs: nowMs };
  try {
    storage.setItem(name, JSON.stringify(kept));
  } catch (error) {
    // A full or forbidden storage must not stand in the way of typing.
    if (!(error instanceof DOMException)) throw error;
  }
}

/** Unsaved input of a form on the ground of what is stored now; nothing when there is none. */
export function restoreInput(
  storage: Storage,
  name: string,
  stored: Config,
): { readonly config: Config; readonly atMs: number } | undefined {
  const kept = parseKept(storage.getItem(name));
  if (kept === undefined) return undefined;
  const config = takeOver(kept.before, kept.config, stored);
  return isSameValue(config, stored) ? undefined : { config, atMs: kept.atMs };
}

function parseKept(text: string | null): KeptInput | undefined {
  if (text === null) return undefined;
  try {
    const kept = JSON.parse(text) as Partial<KeptInput> | null;
    return isConfig(kept?.before) && isConfig(kept.config) && typeof kept.atMs === 'number' ? (kept as KeptInput) : undefined;
  } catch (error) {
    // What is no JSON was not kept by this page.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
