import { useEffect, useState } from 'react';
import { useAccount } from '../session/use-session.ts';
import { keep, readKept } from './tab-storage.ts';

/** How often what is typed is kept at most. */
const KEEP_DELAY_MS = 300;

/** State that outlives a reload, in this browser tab and for whoever is signed in. Never for secrets. */
export function useKeptState<Value>({
  name,
  initial,
  read,
  reduce = (value) => value,
}: {
  readonly name: string;
  readonly initial: () => Value;
  /** What was kept as a value; `undefined` when it is none. */
  readonly read: (kept: unknown) => Value | undefined;
  /** What is kept in place of a value for which there is no room. */
  readonly reduce?: (value: Value) => Value;
}): readonly [Value, (value: Value) => void] {
  const key = `${name}.${useAccount().id}`;
  const [value, setValue] = useState(() => read(readKept(key)) ?? initial());
  useEffect(() => {
    const store = (): void => {
      if (!keep(key, value)) keep(key, reduce(value));
    };
    const timer = setTimeout(store, KEEP_DELAY_MS);
    // Who reloads at once has typed all the same.
    window.addEventListener('pagehide', store);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', store);
      store();
    };
    // How it is reduced does not say when.
  }, [key, value]);
  return [value, setValue];
}
