import { z } from 'zod';
import { serviceError } from '../service-error.ts';

const seconds = z.number().int().positive();

/** What a template is made from. Fields that the fake does nothing with are kept and given back. */
export const templateInputSchema = z.looseObject({
  templateName: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
  templateType: z.enum(['CodeInterpreter', 'Browser', 'AllInOne', 'CustomImage']),
  cpu: z.number().positive(),
  memory: z.number().int().positive(),
  diskSize: z.union([z.literal(512), z.literal(10_240)]).default(512),
  networkConfiguration: z.looseObject({ networkMode: z.enum(['PUBLIC', 'PRIVATE', 'PUBLIC_AND_PRIVATE']) }),
  sandboxIdleTimeoutInSeconds: seconds.default(1_800),
  sandboxTTLInSeconds: seconds.default(21_600),
  environmentVariables: z.record(z.string(), z.string()).optional(),
  credentialConfiguration: z.looseObject({ credentialName: z.string() }).optional(),
  allowAnonymousManage: z.boolean().nullable().optional(),
});
export type TemplateInput = z.output<typeof templateInputSchema>;

/** What of it may be changed. No field has a default here: what is not said stays as it is. */
export const templateUpdateSchema = templateInputSchema
  .omit({ templateName: true, templateType: true, diskSize: true })
  .extend({ sandboxIdleTimeoutInSeconds: seconds, sandboxTTLInSeconds: seconds })
  .partial();

/** Reads a body as what it must be; says which field is wrong. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw serviceError(400, 'ERR_VALIDATION_FAILED', `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'is wrong'}`);
}
