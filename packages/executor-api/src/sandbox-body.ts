import { LANGUAGES } from '@sandport/core';
import { z } from 'zod';
import { limitsSchema } from './execution-body.ts';

const number = z.number().optional();

/** What a caller writes to get a sandbox. Ranges are checked by the contract itself, which names the field. */
export const sandboxBodySchema = z.strictObject({
  language: z.string().optional(),
  limits: limitsSchema.pick({ memoryBytes: true, processes: true, diskBytes: true, cpus: true, openFiles: true }).optional(),
  network: z.string().optional(),
  maxWaitMs: number,
  idleTimeoutMs: number,
  lifetimeMs: number,
  /**
   * Whether it outlives the executor that made it. Apart from that: a sandbox whose creation was answered with JSON lives until its time is over or it is deleted; one whose creation is
   * answered with a stream of events ends with that stream.
   */
  reconnectable: z.boolean().optional(),
});

/** What a caller writes to get a sandbox. */
export type SandboxBody = z.input<typeof sandboxBodySchema>;

/** A sandbox, as it is answered. Its id says where it lives, so that any executor behind one address finds it. */
export const sandboxAnswerSchema = z.strictObject({
  id: z.string().min(1).max(256),
  /** Names this holder in {@link CONNECTION_HEADER}. */
  connection: z.string().min(1).max(64),
  language: z.enum(LANGUAGES),
  /** Milliseconds since the epoch; `null` where the provider keeps no lifetimes. */
  expiresAtMs: z.number().nullable(),
});

/** A sandbox, as it is answered. */
export type SandboxAnswer = z.output<typeof sandboxAnswerSchema>;

/** Puts the end of a sandbox off: it ends this long from now. */
export const lifetimeBodySchema = z.strictObject({ lifetimeMs: z.number() });

/** A context, as it is answered. */
export const contextAnswerSchema = z.strictObject({ id: z.string().min(1).max(64) });
