import { z } from 'zod';

/**
 * What may stand around an answer of the data plane. The documents show bare objects and `{error:{code, message}}`, the SDKs `{code, requestId, data}`, and both occur.
 */
export const dataEnvelopeSchema = z.object({
  code: z.string().nullish(),
  requestId: z.string().nullish(),
  data: z.unknown(),
  error: z.object({ code: z.string().nullish() }).nullish(),
});

/** The health of a sandbox: `ok`, or something else while it starts, also `{code, message}`. */
export const healthSchema = z.object({ status: z.string().nullish() });

const numberSchema = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);

const outcomeSchema = z.object({
  exitCode: numberSchema.nullish(),
  exit_code: numberSchema.nullish(),
  stdout: z.string().nullish(),
});

/** What became of a command: below `result` by the documents, flat and with `exit_code` elsewhere. */
export const commandSchema = outcomeSchema
  .extend({ result: outcomeSchema.nullish() })
  .transform(({ result, ...flat }) => result ?? flat)
  .transform(({ exitCode, exit_code: otherExitCode, stdout }) => ({ exitCode: exitCode ?? otherExitCode ?? null, stdout: stdout ?? null }))
  .refine(({ exitCode, stdout }) => exitCode !== null || stdout !== null, 'has neither an exit code nor output');

/** What became of a command. */
export type CommandOutcome = z.output<typeof commandSchema>;

/** A context of the service's, which is a kernel. */
export const contextSchema = z.object({ id: z.string() });
