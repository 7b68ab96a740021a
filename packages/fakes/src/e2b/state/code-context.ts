import { randomUUID } from 'node:crypto';
import { Kernel, type KernelLanguage } from '../../execution/kernel.ts';
import { HOME } from '../../execution/sandbox-paths.ts';
import type { E2bSandbox } from './e2b-sandbox.ts';

/** User as whom the server for code runs it. */
export const INTERPRETER_USER = 'user';

/** An interpreter of a sandbox, as the API names it. */
export interface CodeContext {
  readonly id: string;
  readonly language: KernelLanguage;
  readonly cwd: string;
  readonly kernel: Kernel;
  /** Whether it is the one for code that names no context. */
  readonly isDefault: boolean;
}

/** Adds a context. Its interpreter starts with its first code. */
export function addContext(sandbox: E2bSandbox, language: KernelLanguage, cwd: string = HOME, isDefault = false): CodeContext {
  const kernel = new Kernel(sandbox.machine, {
    language,
    workingFolder: sandbox.workingFolder(cwd),
    environment: sandbox.environment(INTERPRETER_USER),
  });
  const context = { id: randomUUID(), language, cwd: sandbox.paths.normalize(cwd), kernel, isDefault };
  sandbox.contexts.set(context.id, context);
  return context;
}
