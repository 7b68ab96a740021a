import { z } from 'zod';

const id = z.string().min(1).max(512);

export const sandboxParameters = z.strictObject({ sandbox: id });

export const contextParameters = z.strictObject({ sandbox: id, context: z.string().min(1).max(64) });

export const executionParameters = z.strictObject({ execution: id });
