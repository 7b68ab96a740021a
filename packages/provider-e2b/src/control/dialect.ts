import { E2bFailure, isAbsent } from '../http/e2b-failure.ts';

/** Two forms of the calls that make and connect a sandbox: `/sandboxes` (SDK until 2.50) and `/v2/sandboxes` (SDK from 2.51). */
export const DIALECTS = ['v1', 'v2'] as const;

/** One of {@link DIALECTS}. */
export type Dialect = (typeof DIALECTS)[number];

/** Knows, or finds out with the first call, which dialect a service speaks. */
export class DialectKeeper {
  readonly #first: Dialect;
  #known: Dialect | undefined;

  /**
   * @param wanted A dialect, or `auto` to find out.
   * @param likely With `auto`: what is tried first.
   */
  constructor(wanted: Dialect | 'auto', likely: Dialect = 'v2') {
    this.#known = wanted === 'auto' ? undefined : wanted;
    this.#first = likely;
  }

  /** The dialect; nothing as long as nothing was said. */
  get known(): Dialect | undefined {
    return this.#known;
  }

  /** Makes a call in the dialect of the service. Where the service does not have the call in a form, nothing was done, and the other form is tried. */
  async call<Result>(forms: { readonly [Name in Dialect]: () => Promise<Result> }): Promise<Result> {
    if (this.#known !== undefined) return forms[this.#known]();
    const [first, other] = this.#first === 'v2' ? (['v2', 'v1'] as const) : (['v1', 'v2'] as const);
    try {
      const result = await forms[first]();
      this.#known = first;
      return result;
    } catch (error) {
      // Some gateways answer paths that are nobody's as if something had been looked for there.
      const isForOther = isAbsent(error) || (error instanceof E2bFailure && error.facts.status === 404);
      if (!isForOther) throw error;
      try {
        const result = await forms[other]();
        this.#known = other;
        return result;
      } catch (second) {
        throw isAbsent(second) ? error : second;
      }
    }
  }
}
