import { executionBodySchema } from '@sandport/executor-api';
import type { z } from 'zod';
import { configurationReferenceSchema } from './trials.ts';

/** A program that an operator runs. It is answered with the events of an executor. */
export const playgroundBodySchema = executionBodySchema.omit({ followOutput: true, outputWindowBytes: true }).extend({
  configuration: configurationReferenceSchema,
});

/** See {@link playgroundBodySchema}. */
export type PlaygroundBody = z.input<typeof playgroundBodySchema>;
