import { configFields } from '@sandport/core';
import { remoteSandboxFields } from '@sandport/provider-kit';
import { z } from 'zod';

const DAY_MS = 86_400_000;

/** Configuration of this provider. Every field has a default. Unknown fields are refused. */
export const newCloudProviderConfigSchema = z.strictObject({
  pythonPath: z.string().min(1).default('python3').register(configFields, {
    label: 'Python',
    help: 'The Python, 3.9 or newer, that stands in for a service on this machine: a name that is looked for, or a path.',
    scope: 'deployment',
  }),
  ...remoteSandboxFields({
    longestLifeMs: DAY_MS,
    lifetimeMs: 3_600_000,
    maxLifetimeMs: DAY_MS,
    lifeNote: 'The stand-in for a service ends sandboxes after 25 hours.',
    countNote: 'On this machine each is a few processes.',
  }),
});

/** A checked configuration of this provider. */
export type NewCloudProviderConfig = z.output<typeof newCloudProviderConfigSchema>;
