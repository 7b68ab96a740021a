import { access } from 'node:fs/promises';
import { z } from 'zod';
import { jsonAnswer, type Answer } from '../../http/answer.ts';
import type { KernelLanguage } from '../../execution/kernel.ts';
import { HOME } from '../../execution/sandbox-paths.ts';
import { sandboxOf, type Call, type OperationHandler, type StreamedAnswer } from '../call.ts';
import type { E2bInterpreterOperation } from '../e2b-operation.ts';
import { expandPath } from '../envd/sandbox-path.ts';
import { TextError } from '../service-error.ts';
import { addContext, INTERPRETER_USER, type CodeContext } from '../state/code-context.ts';
import type { E2bSandbox } from '../state/e2b-sandbox.ts';
import { PieceQueue } from '../state/piece-queue.ts';
import { outcomeEvents, resultEvent, type ExecutionEvent } from './execution-events.ts';
import { streamExecution } from './execution-stream.ts';

/** Names of the languages that are played. */
const languages: Readonly<Record<string, KernelLanguage>> = {
  python: 'python',
  python3: 'python',
  javascript: 'javascript',
  js: 'javascript',
};

const executionSchema = z.looseObject({
  code: z.string(),
  context_id: z.string().nullish(),
  language: z.string().nullish(),
  env_vars: z.record(z.string(), z.string()).nullish(),
});
const contextSchema = z.looseObject({ language: z.string().nullish(), cwd: z.string().nullish() });

function parse<Schema extends z.ZodType>(schema: Schema, body: Buffer): z.output<Schema> {
  let value: unknown = {};
  try {
    if (body.length > 0) value = JSON.parse(body.toString());
  } catch (error) {
    throw new TextError(422, `The body is not JSON: ${String(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new TextError(422, `The body is wrong: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function languageOf(name: string | null | undefined): KernelLanguage {
  const language = languages[(name ?? 'python').toLowerCase()];
  if (language === undefined) throw new TextError(500, `Failed to create context: no kernel for ${name}`);
  return language;
}

function contextOf(sandbox: E2bSandbox, contextId: string): CodeContext {
  const context = sandbox.contexts.get(contextId);
  if (context === undefined) throw new TextError(404, `Context ${contextId} not found`);
  return context;
}

/** The context of code that names none. */
function defaultContext(sandbox: E2bSandbox, language: KernelLanguage): CodeContext {
  const known = [...sandbox.contexts.values()].find((context) => context.isDefault && context.language === language);
  return known ?? addContext(sandbox, language, undefined, true);
}

function executeCode(call: Call): StreamedAnswer {
  const sandbox = sandboxOf(call);
  const input = parse(executionSchema, call.request.body);
  const { context_id: contextId, language } = input;
  if (typeof contextId === 'string' && typeof language === 'string')
    throw new TextError(400, 'Only one of context_id or language can be provided');
  const context = typeof contextId === 'string' ? contextOf(sandbox, contextId) : defaultContext(sandbox, languageOf(language));
  const caller = new AbortController();
  const { kernel } = context;
  const queue = new PieceQueue<ExecutionEvent>((isHigh) => kernel.hold(isHigh));
  const running = kernel.execute({
    code: input.code,
    environment: input.env_vars ?? {},
    signal: caller.signal,
    onStart: (executionCount) => {
      record(call, context);
      queue.push({ type: 'number_of_executions', execution_count: executionCount });
    },
    onOutput: ({ stream, text }) => queue.push({ type: stream, text, timestamp: new Date().toISOString() }, text.length),
    onDisplay: (bundle) => queue.push(resultEvent(bundle, false)),
  });
  const over = running.then(
    (outcome) => outcomeEvents(outcome),
    // The interpreter could not be started: mostly since the sandbox has ended.
    (error: unknown): ExecutionEvent[] => [{ type: 'error', name: 'UnexpectedEndOfExecution', value: String(error), traceback: '' }],
  );
  const told = over.then((events) => {
    for (const event of [...events, { type: 'end_of_execution' }]) queue.push(event);
    queue.close();
    // A reader who is still behind must not hold up the next code.
    kernel.hold(false);
  });
  return streamExecution(call, { queue, over: told, interrupt: () => caller.abort() });
}

function record(call: Call, { language, id }: CodeContext): void {
  const { executions, settings } = call.state;
  executions.push({
    kind: 'code',
    sandboxId: sandboxOf(call).id,
    user: INTERPRETER_USER,
    language,
    contextId: id,
    startedAtMs: settings.now(),
  });
}

const contextFields = ({ id, language, cwd }: CodeContext): Record<string, unknown> => ({ id, language, cwd });

async function createContext(call: Call): Promise<Answer> {
  const sandbox = sandboxOf(call);
  const { language, cwd } = parse(contextSchema, call.request.body);
  const folder = typeof cwd === 'string' ? expandPath(cwd) : HOME;
  const kernelLanguage = languageOf(language);
  await access(await sandbox.paths.resolve(folder)).catch((error: unknown) => {
    throw new TextError(500, `Failed to create context: ${error instanceof Error ? error.name : 'the folder cannot be used'}`);
  });
  const context = addContext(sandbox, kernelLanguage, folder);
  await context.kernel.start();
  return jsonAnswer(200, contextFields(context));
}

function restartContext(call: Call): Answer {
  contextOf(sandboxOf(call), call.route.itemId ?? '').kernel.end();
  return jsonAnswer(200, null);
}

function removeContext(call: Call): Answer {
  const sandbox = sandboxOf(call);
  const context = contextOf(sandbox, call.route.itemId ?? '');
  sandbox.contexts.delete(context.id);
  context.kernel.end();
  return jsonAnswer(200, null);
}

/** What the server for code does. */
export const interpreterOperations: Readonly<Record<E2bInterpreterOperation, OperationHandler>> = {
  CheckInterpreterHealth: () => jsonAnswer(200, 'OK'),
  ExecuteCode: executeCode,
  CreateContext: createContext,
  ListContexts: (call) => jsonAnswer(200, [...sandboxOf(call).contexts.values()].map(contextFields)),
  RestartContext: restartContext,
  RemoveContext: removeContext,
};
