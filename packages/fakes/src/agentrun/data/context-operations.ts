import { randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { z } from 'zod';
import { emptyAnswer, jsonAnswer, type Answer } from '../../http/answer.ts';
import { Kernel, type KernelLanguage, type KernelOutcome } from '../../execution/kernel.ts';
import { HOME } from '../../execution/sandbox-paths.ts';
import { systemCodeOf } from '../../execution/system-code.ts';
import type { Call } from '../call.ts';
import { sandboxOf } from '../sandbox-operations.ts';
import { serviceError } from '../service-error.ts';
import { sandboxNotFound, type FakeSandbox, type SandboxContext } from '../state/fake-sandbox.ts';
import { executionAnswer } from './execution-answer.ts';
import { parseDataInput, secondsSchema } from './parse-data-input.ts';

const languageSchema = z.enum(['python', 'javascript']);
const contextInputSchema = z.looseObject({ language: languageSchema, cwd: z.string().default(HOME) });

const contextFields = ({ id, language, cwd }: SandboxContext): Record<string, unknown> => ({ id, language, cwd });

export function listContexts(call: Call): Answer {
  const sandbox = sandboxOf(call);
  // Asking for the machine refuses where there is none to ask about.
  void sandbox.machine;
  return jsonAnswer(200, [...sandbox.contexts.values()].map(contextFields));
}

async function makeContext(sandbox: FakeSandbox, language: KernelLanguage, cwd: string): Promise<SandboxContext> {
  const folder = await sandbox.paths.resolve(cwd);
  await access(folder).catch((error: unknown) => {
    throw serviceError(400, 'INVALID_REQUEST', `cwd cannot be used: ${systemCodeOf(error)}`);
  });
  const place = { language, workingFolder: sandbox.workingFolder(cwd), environment: sandbox.environment() };
  const context = { id: randomUUID(), language, cwd: sandbox.paths.normalize(cwd), kernel: new Kernel(sandbox.machine, place) };
  sandbox.contexts.set(context.id, context);
  try {
    await context.kernel.start();
  } catch (error) {
    sandbox.contexts.delete(context.id);
    // The machine starts interpreters as long as there is one.
    if (sandbox.endedAtMs !== undefined) throw sandboxNotFound();
    throw error;
  }
  return context;
}

export async function createContext(call: Call): Promise<Answer> {
  const { language, cwd } = parseDataInput(contextInputSchema, call.body);
  const sandbox = sandboxOf(call);
  return jsonAnswer(201, contextFields(await sandbox.use(() => makeContext(sandbox, language, cwd))));
}

function contextOf(sandbox: FakeSandbox, contextId: string): SandboxContext {
  void sandbox.machine;
  const context = sandbox.contexts.get(contextId);
  if (context === undefined) throw serviceError(404, 'NOT_FOUND', 'context not found');
  return context;
}

export function getContext(call: Call): Answer {
  return jsonAnswer(200, contextFields(contextOf(sandboxOf(call), call.route.itemId ?? '')));
}

export function deleteContext(call: Call): Answer {
  const sandbox = sandboxOf(call);
  const context = contextOf(sandbox, call.route.itemId ?? '');
  sandbox.contexts.delete(context.id);
  context.kernel.end();
  return emptyAnswer(204);
}

/** The context for calls that name a language only. The service does not say whether they share one; here they do. */
async function contextForLanguage(sandbox: FakeSandbox, language: KernelLanguage): Promise<SandboxContext> {
  void sandbox.machine;
  const existing = [...sandbox.contexts.values()].find((context) => context.language === language && context.cwd === HOME);
  return existing ?? makeContext(sandbox, language, HOME);
}

export async function executeCode(call: Call): Promise<Answer> {
  const { state } = call;
  const schema = z.looseObject({
    code: z.string(),
    timeout: secondsSchema(state.settings.limits.maxExecutionSeconds),
    contextId: z.string().optional(),
    language: languageSchema.optional(),
  });
  const { code, timeout, contextId, language } = parseDataInput(schema, call.body);
  const sandbox = sandboxOf(call);
  return sandbox.use(async () => {
    const context = await chooseContext(sandbox, contextId, language);
    const onStart = (): void =>
      void state.executions.push({
        kind: 'code',
        sandboxId: sandbox.plan.sandboxId,
        language: context.language,
        contextId: context.id,
        startedAtMs: state.settings.now(),
      });
    const outcome = await runInContext(sandbox, () => context.kernel.execute({ code, timeoutMs: timeout * 1_000, onStart }));
    return executionAnswer(call, context, timeout, outcome);
  });
}

function chooseContext(
  sandbox: FakeSandbox,
  contextId: string | undefined,
  language: KernelLanguage | undefined,
): Promise<SandboxContext> | SandboxContext {
  if (contextId !== undefined && language === undefined) return contextOf(sandbox, contextId);
  if (contextId === undefined && language !== undefined) return contextForLanguage(sandbox, language);
  throw serviceError(400, 'INVALID_REQUEST', 'exactly one of contextId and language must be given');
}

/** The end of a sandbox is not an outcome of the code that ran in it. */
async function runInContext(sandbox: FakeSandbox, run: () => Promise<KernelOutcome>): Promise<KernelOutcome> {
  const outcome = await run().catch((error: unknown) => {
    if (sandbox.endedAtMs === undefined) throw error;
    return undefined;
  });
  if (outcome === undefined || (outcome.status === 'died' && sandbox.endedAtMs !== undefined)) throw sandboxNotFound();
  return outcome;
}
