import { z } from 'zod';

const idSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/);

/**
 * A sandbox as the calls that make and connect it give it. The version is not looked at as the SDK does: with another text than it expects, its own `create` throws when the
 * sandbox exists already, and leaves it behind.
 */
export const connectedSandboxSchema = z.object({
  sandboxID: idSchema,
  envdVersion: z.string().catch(''),
  envdAccessToken: z.string().min(1).nullish(),
  trafficAccessToken: z.string().min(1).nullish(),
  domain: z.string().min(1).nullish(),
});

/** A sandbox that can be worked in. */
export type ConnectedSandbox = z.output<typeof connectedSandboxSchema>;

/** A sandbox as lists and questions give it. */
export const knownSandboxSchema = z.object({
  sandboxID: idSchema,
  templateID: z.string().optional(),
  state: z.string().catch('running'),
  endAt: z.string().optional(),
  metadata: z.record(z.string(), z.string()).nullish(),
});

/** A sandbox that exists. */
export type KnownSandbox = z.output<typeof knownSandboxSchema>;

export const sandboxListSchema = z.array(knownSandboxSchema);

/** Errors of the control plane: `{"code": 404, "message": "…"}`, and where there are several of one status an `error_code`. */
export const controlErrorSchema = z.object({ code: z.int(), message: z.string().optional(), error_code: z.string().optional() });
