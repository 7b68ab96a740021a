import { z } from 'zod';
import { LANGUAGES } from '../language.ts';

/** Isolation that can be measured, from the weakest to the strongest. `remote` is not among them: what a service keeps behind its API is its word. */
export const MEASURABLE_ISOLATIONS = ['runc', 'wasm', 'gvisor'] as const;

const maximum = () => z.number().positive().optional();

/**
 * What every configuration and every call must keep to: the value of the row `sandbox.policy`. It is checked when a version is activated, and by the client with each call. An unknown member is
 * refused, so that a rule of a newer version is never quietly ignored.
 */
export const sandboxPolicySchema = z.strictObject({
  /** Weakest isolation that a passport may have measured. Absent: any. */
  minimumIsolation: z.enum(MEASURABLE_ISOLATIONS).optional(),
  /** Whether isolation that only a service vouches for (`remote`) meets `minimumIsolation`. @default false */
  trustRemoteIsolation: z.boolean().default(false),
  /** Whether calls may ask for a network. @default false */
  allowNetwork: z.boolean().default(false),
  /** Languages that calls may use. Absent: every one. */
  languages: z.array(z.enum(LANGUAGES)).min(1).optional(),
  /** Highest limits that a call may ask for. */
  maxima: z
    .strictObject({
      timeoutMs: maximum(),
      outputBytes: maximum(),
      memoryBytes: maximum(),
      processes: maximum(),
      diskBytes: maximum(),
      cpus: maximum(),
      openFiles: maximum(),
      /** Of `lifetimeMs` and `idleTimeoutMs` of a sandbox that is kept. */
      lifetimeMs: maximum(),
    })
    .prefault({}),
  /** Age in hours at which a passport stops being proof. Absent: a passport is needed, and never grows old. */
  maxPassportAgeHours: z.number().positive().optional(),
});

/** See {@link sandboxPolicySchema}. */
export type SandboxPolicy = z.output<typeof sandboxPolicySchema>;

/** What an operator writes. */
export type SandboxPolicyInput = z.input<typeof sandboxPolicySchema>;
