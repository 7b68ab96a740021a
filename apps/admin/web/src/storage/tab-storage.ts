const PREFIX = 'sandport.';

/** What was kept in this browser tab; `undefined` when there is nothing that can be read. */
export function readKept(name: string): unknown {
  const text = sessionStorage.getItem(PREFIX + name);
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // Whatever wrote it, it is none of ours.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Keeps a value in this browser tab, over reloads. `false` when there is no room for it; then nothing of that name is kept. */
export function keep(name: string, value: unknown): boolean {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    sessionStorage.removeItem(PREFIX + name);
    return false;
  }
}
