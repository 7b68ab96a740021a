import { describeConformance } from '../src/vitest.ts';
import { HOST_LANGUAGES } from './unisolated/host-runtimes.ts';
import { UnisolatedProvider } from './unisolated/unisolated-provider.ts';

// One test per case, as a provider's own tests have them.
for (const concurrent of [false, true]) {
  describeConformance(`${concurrent ? 'side by side' : 'one after the other'}, in ${HOST_LANGUAGES[0]}`, () => new UnisolatedProvider(), {
    only: [`arguments/null[${HOST_LANGUAGES[0]}]`, 'lifecycle/unused-sandbox', 'requests/unknown-language'],
    concurrent,
  });
}
