import { E2bFailure, isAbsent } from '../http/e2b-failure.ts';

/** Two forms of the calls that make and connect a sandbox: `/sandboxes` (SDK until 2.50) and `/v2/sandboxes` (SDK from 2.51). */
export const DIALECTS = ['v1', 'v2'] as const;

/** One of {@link DIALECTS}. */
export type Dialect = (typeof DIALECTS)[number];

/** Knows, or finds out with the first call, which dialect a service speaks. */
export class DialectKeeper {
  #known: Dialect | undefined;

  /** @param wanted A dialect, or `auto` to find out. */
  constructor(wanted: Dialect | 'auto') {
    this.#known = wanted === 'auto' ? undefined : wanted;
  }

  /** The dialect; nothing as long as nothing was said. */
  get known(): Dialect | undefined {
    return this.#known;
  }

  /** Makes a call in the dialect of the service. Where the service does not have the call in a form, nothing was done, and the other form is tried. */
  async call<Result>(forms: { readonly [Name in Dialect]: () => Promise<Result> }): Promise<Result> {
    if (this.#known !== undefined) return forms[this.#known]();
    try {
      const result = await forms.v2();
      this.#known = 'v2';
      return result;
    } catch (error) {
      // Some gateways answer paths that are nobody's as if something had been looked for there.
      const isForOther = isAbsent(error) || (error instanceof E2bFailure && error.facts.status === 404);
      if (!isForOther) throw error;
      try {
        const result = await forms.v1();
        this.#known = 'v1';
        return result;
      } catch (second) {
        throw isAbsent(second) ? error : second;
      }
    }
  }
}
