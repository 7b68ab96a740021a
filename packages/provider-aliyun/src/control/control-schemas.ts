import { z } from 'zod';

/** A template, as far as it is of use here. Numbers may come as texts: the response model declares texts where the documentation shows numbers. */
export const templateSchema = z.object({
  templateName: z.string(),
  templateType: z.string().nullish(),
  status: z.string().nullish(),
  cpu: z.coerce.number().nullish(),
  memory: z.coerce.number().nullish(),
  sandboxTTLInSeconds: z.coerce.number().nullish(),
  templateArn: z.string().nullish(),
});

/** A template as the service describes it. */
export type Template = z.output<typeof templateSchema>;

/** A sandbox, as far as it is of use here. */
export const sandboxSchema = z.object({
  sandboxId: z.string(),
  status: z.string().nullish(),
  templateName: z.string().nullish(),
});

/** A sandbox as the service describes it. */
export type RemoteSandbox = z.output<typeof sandboxSchema>;

/** One page of sandboxes. An empty or missing token means that it is the last. */
export const sandboxPageSchema = z.object({ items: z.array(sandboxSchema).nullish(), nextToken: z.string().nullish() });

/** One page of sandboxes. */
export type SandboxPage = z.output<typeof sandboxPageSchema>;

/** What stands around every answer of the control plane, good or bad: its own codes in lower case, those of the gateway in upper case. */
export const envelopeSchema = z.object({
  code: z.string().nullish(),
  Code: z.string().nullish(),
  requestId: z.string().nullish(),
  RequestId: z.string().nullish(),
  data: z.unknown(),
});

/**
 * What a sandbox can be used for by its status. The documentation names READY and TERMINATED, SDKs also RUNNING, PAUSED and others in several spellings; a status that is
 * not known is waited on.
 */
export function lifeOfStatus(status: string | null | undefined): 'usable' | 'coming' | 'ended' {
  const known = (status ?? '').toUpperCase();
  if (known === 'READY' || known === 'RUNNING') return 'usable';
  if (known.endsWith('FAILED') || ['TERMINATED', 'STOPPED', 'DELETING', 'DELETED'].includes(known)) return 'ended';
  return 'coming';
}
