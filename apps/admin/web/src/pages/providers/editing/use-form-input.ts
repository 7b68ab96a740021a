import type { ProviderDescription } from '@sandport/admin-api';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { changedFields, isSameValue, storedInput, takeOver, type Config, type FormInput, type SecretChange } from './form-input.ts';
import { keepInput, restoreInput } from './kept-input.ts';

/** What was entered into the form of a provider, and how it is changed. */
export interface FormEditing {
  readonly input: FormInput;
  /** Names of the fields that differ from what is stored. */
  readonly changed: readonly string[];
  /** When the input was entered that was found here, unsaved; `undefined` when there was none. */
  readonly restoredAtMs: number | undefined;
  readonly changeConfig: (config: Config) => void;
  readonly changeSecret: (name: string, change: SecretChange) => void;
  /** Goes back to what is stored. */
  readonly reset: () => void;
}

interface EditingState {
  /** What the input was entered on. */
  readonly before: Config;
  readonly input: FormInput;
  readonly restoredAtMs: number | undefined;
}

/** Keeps the input of a form, also when the page is loaded again or what is stored changes under it. Secrets live only as long as the page. */
export function useFormInput(description: ProviderDescription, storageName: string): FormEditing {
  const stored = useMemo(() => storedInput(description), [description]);
  const [state, setState] = useState<EditingState>(() => begin(stored, storageName));

  // What others stored meanwhile becomes the ground; what was entered here stays on top of it.
  if (!isSameValue(state.before, stored.config)) {
    const config = takeOver(state.before, state.input.config, stored.config);
    setState({ ...state, before: stored.config, input: { ...state.input, config } });
  }

  useEffect(() => {
    keepInput(sessionStorage, storageName, state.before, state.input, Date.now());
  }, [storageName, state.before, state.input]);

  const changeConfig = useCallback((config: Config) => setState((now) => ({ ...now, input: { ...now.input, config } })), []);
  const changeSecret = useCallback(
    (name: string, change: SecretChange) =>
      setState((now) => ({ ...now, input: { ...now.input, secrets: { ...now.input.secrets, [name]: change } } })),
    [],
  );
  const reset = useCallback(() => {
    // At once: what comes next may take the form away.
    sessionStorage.removeItem(storageName);
    setState({ before: stored.config, input: stored, restoredAtMs: undefined });
  }, [stored, storageName]);
  const changed = useMemo(() => changedFields(stored, state.input), [stored, state.input]);
  return { input: state.input, changed, restoredAtMs: state.restoredAtMs, changeConfig, changeSecret, reset };
}

function begin(stored: FormInput, storageName: string): EditingState {
  const restored = restoreInput(sessionStorage, storageName, stored.config);
  const input = restored === undefined ? stored : { ...stored, config: restored.config };
  return { before: stored.config, input, restoredAtMs: restored?.atMs };
}
