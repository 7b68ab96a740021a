import { createHash, randomBytes } from 'node:crypto';
import { LANGUAGES, REQUEST_LIMITS, sandboxPolicySchema } from '@sandport/core';
import { z } from 'zod';

/** What a token may be good for. */
export const SCOPES = {
  execute: 'run programs in sandboxes of their own, withdraw them and give them input',
  sandboxes: 'make sandboxes, use, keep and destroy them',
  read: 'see capabilities, the description of the API and whether the executor is ready',
  metrics: 'read the metrics',
  ragflow: "run programs by RAGFlow's route",
} as const;

/** One of {@link SCOPES}. */
export type Scope = keyof typeof SCOPES;

const scopes = Object.keys(SCOPES) as [Scope, ...Scope[]];

/** Stands for every tenant: the call says which one it is made for. */
export const ANY_TENANT = '*';

/** What is kept of a token: never the token. */
export const storedTokenSchema = z.strictObject({
  /** Names it in logs and metrics. */
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  /** SHA-256 of the token in hexadecimal digits. A token has 256 bits of chance: there is nothing to guess, and a slow hash would only cost us. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Whose calls they are; `*`: the call says so. */
  tenant: z.string().min(1).max(REQUEST_LIMITS.tenantLength).default('default'),
  scopes: z.array(z.enum(scopes)).min(1),
  expiresAt: z.iso.datetime().optional(),
  /** Calls at one time. */
  maxConcurrency: z.int().positive().default(64),
  /** Sandboxes that are kept at one time. */
  maxSandboxes: z.int().positive().default(64),
  /** Calls in a minute, on the average of the last one. Absent: as many as come. */
  maxCallsPerMinute: z.int().positive().optional(),
  languages: z.array(z.enum(LANGUAGES)).min(1).optional(),
  /** Highest limits that a call may ask for. */
  maxima: sandboxPolicySchema.shape.maxima,
});

/** What is kept of a token. */
export type StoredToken = z.output<typeof storedTokenSchema>;

/** The file of the tokens. */
export const tokensDocumentSchema = z
  .strictObject({ tokens: z.array(storedTokenSchema) })
  .refine(({ tokens }) => new Set(tokens.map(({ id }) => id)).size === tokens.length, 'has two tokens of one id');

/** A new token. Its beginning lets tools that look for secrets in the wrong place find it. */
export function makeToken(): string {
  return `spx_${randomBytes(32).toString('base64url')}`;
}

/** What is kept of it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
