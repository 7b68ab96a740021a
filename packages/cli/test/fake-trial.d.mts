import type { prepareProvider } from '@sandport/preparation';

/** A trial that runs nothing: a configuration of the fake whose level is below 9 passes. */
export declare const fakeTrial: typeof prepareProvider;
