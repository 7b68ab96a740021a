import { configFields, defineProvider, Secret, type ProviderDefinition } from '@sandport/core';
import { z } from 'zod';

const label = 'Field';
const help = 'A field of a test.';

const secretField = () =>
  z
    .string()
    .min(8)
    .transform((text) => new Secret(text))
    .register(configFields, { label, help, secret: true });

function create(): never {
  throw new Error('no test makes a provider of it');
}

/** A service with two secrets, of which one is needed. */
const alphaProvider = defineProvider({
  id: 'alpha',
  displayName: 'Alpha',
  description: 'A service.',
  tags: [],
  languages: ['python'],
  configSchema: z.strictObject({
    template: z.string().default('base').register(configFields, { label, help }),
    token: secretField(),
    password: z
      .string()
      .min(8)
      .transform((text) => new Secret(text))
      .optional()
      .register(configFields, { label, help, secret: true }),
  }),
  create,
});

/** Something local, without secrets. */
const betaProvider = defineProvider({
  id: 'beta',
  displayName: 'Beta',
  description: 'Something local.',
  tags: [],
  languages: ['python', 'javascript'],
  configSchema: z.strictObject({
    size: z.int().min(1).max(100).default(4).register(configFields, { label, help }),
    kind: z.enum(['small', 'large']).default('small').register(configFields, { label, help }),
  }),
  create,
});

/** Another one, for chains. */
const gammaProvider = defineProvider({
  id: 'gamma',
  displayName: 'Gamma',
  description: 'Another local one.',
  tags: [],
  languages: ['python'],
  configSchema: z.strictObject({ size: z.int().default(1).register(configFields, { label, help }) }),
  create,
});

/** What the tests carry. */
export const TEST_PROVIDERS: readonly ProviderDefinition[] = [alphaProvider, betaProvider, gammaProvider];
