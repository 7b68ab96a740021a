import { access } from 'node:fs/promises';
import { z } from 'zod';
import type { Answer } from '../../http/answer.ts';
import { HOME } from '../../execution/sandbox-paths.ts';
import { sandboxOf, type Call, type StreamedAnswer } from '../call.ts';
import { ConnectError } from '../service-error.ts';
import type { E2bSandbox } from '../state/e2b-sandbox.ts';
import { EnvdProcess } from '../state/envd-process.ts';
import { callingUser } from './calling-user.ts';
import { endFrame, messageAnswer, messageFrame, readFrame, readFrames, readMessage, STREAM_TYPE } from './connect-protocol.ts';
import { streamProcess } from './process-stream.ts';
import { expandPath } from './sandbox-path.ts';

const configSchema = z.looseObject({
  cmd: z.string().min(1),
  args: z.array(z.string()).default([]),
  cwd: z.string().optional(),
  envs: z.record(z.string(), z.string()).default({}),
});
const startSchema = z.looseObject({
  process: configSchema,
  pty: z.unknown().optional(),
  tag: z.string().optional(),
  stdin: z.boolean().default(true),
});
const selectorSchema = z.looseObject({ pid: z.number().int().optional(), tag: z.string().optional() });
const selectionSchema = z.looseObject({ process: selectorSchema });
const bytesSchema = z.base64();
const inputSchema = z.looseObject({ stdin: bytesSchema.optional(), pty: bytesSchema.optional() });
const sendSchema = selectionSchema.extend({ input: inputSchema });
const signalSchema = selectionSchema.extend({
  signal: z.union([z.enum(['SIGNAL_SIGTERM', 'SIGNAL_SIGKILL']), z.literal(15), z.literal(9)]),
});
const streamInputSchema = z.looseObject({
  start: selectionSchema.optional(),
  data: z.looseObject({ input: inputSchema }).optional(),
});

/** How long a call whose answer comes in pieces may take, by its own word. */
function timeoutOf(call: Call): number | undefined {
  const text = call.request.headers.get('connect-timeout-ms');
  return text === undefined || Number(text) <= 0 ? undefined : Number(text);
}

async function checkWorkingFolder(sandbox: E2bSandbox, cwd: string): Promise<void> {
  await access(await sandbox.paths.resolve(cwd)).catch((error: unknown) => {
    throw new ConnectError('invalid_argument', `cwd '${cwd}' does not exist: ${error instanceof Error ? error.name : 'it cannot be used'}`);
  });
}

export async function startProcess(call: Call): Promise<StreamedAnswer> {
  const sandbox = sandboxOf(call);
  const { process: config, pty, tag, stdin } = readFrame(startSchema, call);
  const user = callingUser(call);
  if (pty !== undefined && pty !== null) throw new ConnectError('unimplemented', 'terminals are not played');
  const cwd = config.cwd === undefined ? HOME : expandPath(config.cwd);
  await checkWorkingFolder(sandbox, cwd);
  if (!sandbox.plan.template.hasCommands)
    throw new ConnectError('invalid_argument', `error starting process '${config.cmd}': no such file or directory`);
  const timeoutMs = timeoutOf(call);
  const process = new EnvdProcess(
    { cmd: config.cmd, args: config.args, envs: config.envs, ...(config.cwd === undefined ? {} : { cwd }) },
    tag,
    stdin,
  );
  // Attached before it starts, so that nothing it writes is lost.
  const queue = process.attach();
  const handle = await sandbox.machine
    .startProcess(
      {
        argv: [config.cmd, ...config.args],
        workingFolder: sandbox.workingFolder(cwd),
        environment: sandbox.environment(user, config.envs),
        hasChannel: false,
        hasInput: stdin,
        end: 'outputs-closed',
      },
      process,
    )
    .catch((error: unknown) => {
      throw new ConnectError('invalid_argument', `error starting process '${config.cmd}': ${String(error)}`);
    });
  process.begin(handle, timeoutMs);
  sandbox.addProcess(process);
  const startedAtMs = call.state.settings.now();
  call.state.executions.push({ kind: 'command', sandboxId: sandbox.id, user, language: undefined, contextId: undefined, startedAtMs });
  return streamProcess(call, process, queue);
}

/** The process that a selector names. Of those that ended, `connect` may still ask for the end. */
function select(sandbox: E2bSandbox, selector: z.output<typeof selectorSchema>, isEndedToo = false): EnvdProcess {
  const { pid, tag } = selector;
  const found = sandbox
    .processes()
    .filter((process) => (isEndedToo || process.isRunning) && (pid === undefined ? process.tag === tag : process.pid === pid));
  const process = found.at(-1);
  if (process === undefined || (pid === undefined && tag === undefined))
    throw new ConnectError(
      'not_found',
      pid === undefined ? `process with tag ${tag ?? ''} not found` : `process with pid ${pid} not found`,
    );
  return process;
}

export function connectProcess(call: Call): StreamedAnswer {
  callingUser(call);
  const process = select(sandboxOf(call), readFrame(selectionSchema, call).process, true);
  return streamProcess(call, process, process.attach(), timeoutOf(call));
}

export function listProcesses(call: Call): Answer {
  readMessage(z.looseObject({}), call);
  callingUser(call);
  const running = sandboxOf(call)
    .processes()
    .filter(({ isRunning }) => isRunning);
  return messageAnswer({ processes: running.map(({ config, pid, tag }) => ({ config, pid, tag })) });
}

function giveInput(process: EnvdProcess, input: z.output<typeof inputSchema>): void {
  if (input.stdin === undefined) throw new ConnectError('internal', 'error writing to tty: the process has none');
  if (!process.hasInput) throw new ConnectError('internal', 'error writing to stdin: stdin not enabled or closed');
  process.write(Buffer.from(input.stdin, 'base64'));
}

export function sendInput(call: Call): Answer {
  const { process: selector, input } = readMessage(sendSchema, call);
  callingUser(call);
  giveInput(select(sandboxOf(call), selector), input);
  return messageAnswer({});
}

/** Input in frames: the first names the process. The one message of the answer is in a frame as well. */
export function streamInput(call: Call): Answer {
  const frames = readFrames(streamInputSchema, call);
  callingUser(call);
  const selector = frames[0]?.start?.process;
  if (selector === undefined) throw new ConnectError('invalid_argument', 'the first message must name the process');
  const process = select(sandboxOf(call), selector);
  for (const { data } of frames) if (data !== undefined) giveInput(process, data.input);
  return { status: 200, headers: { 'content-type': STREAM_TYPE }, body: Buffer.concat([messageFrame({}), endFrame()]) };
}

export function closeInput(call: Call): Answer {
  const { process: selector } = readMessage(selectionSchema, call);
  callingUser(call);
  // One that is closed already is no error.
  select(sandboxOf(call), selector).closeInput();
  return messageAnswer({});
}

export function sendSignal(call: Call): Answer {
  const { process: selector, signal } = readMessage(signalSchema, call);
  callingUser(call);
  select(sandboxOf(call), selector).kill(signal === 'SIGNAL_SIGKILL' || signal === 9 ? 'SIGKILL' : 'SIGTERM');
  return messageAnswer({});
}
