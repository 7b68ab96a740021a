// A provider for tests of the command line. It runs no program: it obeys the lines of the code, one command each.
//   out TEXT · err TEXT · value JSON · arguments · environment · files · limits · stdin (all of it) · first (piece of it) · fail TYPE MESSAGE · timeout · wait · artifact PATH CONTENT · throw CODE
// In TEXT, "\n" and "\e" stand for a line end and an escape character.
import { setTimeout as delay } from 'node:timers/promises';
import { configFields, defineProvider, healthStatusOf, parseExecutionRequest, SandboxError, Secret } from '@sandport/core';
import { z } from 'zod';

const configSchema = z.strictObject({
  label: z.string().min(1).default('unnamed').register(configFields, { label: 'Label', help: 'Not used.' }),
  level: z
    .int()
    .min(1)
    .max(9)
    .default(1)
    .register(configFields, { label: 'Level', help: 'From 5 on the health is degraded, at 9 unhealthy.' }),
  fast: z.boolean().default(false).register(configFields, { label: 'Fast', help: 'Not used.' }),
  hosts: z.array(z.string()).optional().register(configFields, { label: 'Hosts', help: 'Not used.' }),
  token: z
    .string()
    .transform((text) => new Secret(text))
    .optional()
    .register(configFields, { label: 'Token', help: 'Not used.', secret: true }),
});

export function fakeDefinition({ id = 'fake', onEvent = () => undefined, destroyMs = 0 } = {}) {
  return defineProvider({
    id,
    displayName: 'Fake',
    description: 'Obeys.',
    tags: [],
    languages: ['python', 'javascript'],
    configSchema,
    create: (config) => provider(id, config, onEvent, destroyMs),
  });
}

/** Tells each event on a line of the process's stderr. */
export const tellOnStderr = (event) => process.stderr.write(`fake: ${event}\n`);

function provider(id, config, onEvent, destroyMs) {
  const close = async () => onEvent('close');
  return {
    specificationVersion: 'v1',
    id,
    capabilities: {
      languages: ['python', 'javascript'],
      javascriptRuntime: 'node',
      executionsPerSandbox: 'one',
      streamsOutput: true,
      stdin: true,
      contexts: false,
      richResults: false,
      lifetimes: false,
      reconnect: false,
      files: true,
      artifacts: true,
      environment: true,
      cancellation: true,
      network: ['none'],
      limits: { memory: true, processes: false, disk: false, cpus: true, openFiles: false },
      subprocesses: false,
      maxima: { timeoutMs: 600_000 },
    },
    createSandbox: async ({ language }, { signal } = {}) => {
      if (signal?.aborted) throw new SandboxError('CANCELLED', 'Withdrawn.');
      onEvent('createSandbox');
      const destroy = async () => {
        await delay(destroyMs);
        onEvent('destroy');
      };
      return {
        id: 'fake-1',
        language,
        execute: (request, options) => execute(id, parseExecutionRequest(request), options?.signal, onEvent),
        destroy,
        [Symbol.asyncDispose]: destroy,
      };
    },
    checkHealth: async () => {
      const checks = [
        { name: 'engine', status: 'ok', message: 'It is there.' },
        ...(config.level >= 5 ? [{ name: 'level', status: 'warning', message: 'It is high.', remedy: 'Lower it.' }] : []),
        ...(config.level >= 9 ? [{ name: 'peak', status: 'failed', message: 'It is too high.', remedy: 'Lower it much.' }] : []),
      ];
      return {
        providerId: id,
        status: healthStatusOf(checks),
        isolation: { kind: 'remote', measuredBy: 'fake' },
        checks,
        checkedAt: '2026-01-01T00:00:00.000Z',
        durationMs: 1,
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function execute(id, request, signal, onEvent) {
  const state = {
    stdout: '',
    stderr: '',
    outcome: { status: 'completed', error: null },
    exitCode: 0,
    files: [],
  };
  for (const line of request.code.split('\n').filter((each) => each !== '')) await obey(line, state, request, signal, onEvent);
  return {
    ...state.outcome,
    stdout: state.stdout,
    stderr: state.stderr,
    truncated: { stdout: false, stderr: false },
    exitCode: state.exitCode,
    signal: null,
    artifacts: { files: state.files, omitted: [], complete: true },
    clock: { queueMs: 0, claimMs: 0, startMs: 0, runMs: 35, collectMs: 0, totalMs: 35 },
    evidence: [{ kind: 'exit', observer: 'host', exitCode: state.exitCode, signal: null }],
    isolation: { kind: 'remote', measuredBy: 'fake' },
    providerId: id,
    language: request.language,
  };
}

async function obey(line, state, request, signal, onEvent) {
  const [, command, rest = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
  const completeWith = (value) => {
    state.outcome = { status: 'completed', error: null, value, valueJson: JSON.stringify(value) };
  };
  const print = (stream) => {
    const text = rest.replaceAll(String.raw`\n`, '\n').replaceAll(String.raw`\e`, '\u001b');
    state[stream] += text;
    return request.onOutput?.({ stream, text });
  };
  switch (command) {
    case 'out':
      return print('stdout');
    case 'err':
      return print('stderr');
    case 'value':
      return completeWith(JSON.parse(rest));
    case 'arguments':
      return completeWith(request.arguments);
    case 'request':
      return completeWith({ language: request.language, timeoutMs: request.limits.timeoutMs });
    case 'environment':
      return completeWith(request.environment);
    case 'limits':
      return completeWith(request.sandboxLimits);
    case 'stdin':
      return completeWith(await textOf(inputOf(request)));
    case 'first': {
      for await (const piece of inputOf(request)) return completeWith(piece.toString());
      return completeWith(null);
    }
    case 'files':
      return completeWith(Object.fromEntries([...request.files].map(([path, content]) => [path, Buffer.from(content).toString()])));
    case 'fail': {
      const [type, ...message] = rest.split(' ');
      state.outcome = { status: 'failed', error: { type, message: message.join(' '), traceback: '' } };
      state.exitCode = 1;
      return;
    }
    case 'timeout':
      state.outcome = { status: 'timed-out', error: null };
      return;
    case 'wait':
      onEvent('waiting');
      // The timer keeps the process alive, as a socket of a real provider does.
      await delay(60_000, undefined, { signal }).catch(() => undefined);
      state.outcome = { status: 'cancelled', error: null };
      return;
    case 'artifact': {
      const [path, ...content] = rest.split(' ');
      const bytes = Buffer.from(content.join(' '));
      state.files.push({ path, mediaType: 'text/plain', sizeBytes: bytes.length, content: bytes });
      return;
    }
    case 'throw':
      throw new SandboxError(rest, `The fake throws ${rest}.`, { suggestion: 'Do not ask it to.', providerId: 'fake' });
    default:
      throw new Error(`the fake does not know "${command}"`);
  }
}

async function textOf(pieces) {
  let text = '';
  for await (const piece of pieces) text += piece.toString();
  return text;
}

async function* inputOf({ stdin }) {
  if (stdin instanceof Uint8Array) yield Buffer.from(stdin);
  else for await (const piece of stdin) yield Buffer.from(piece);
}
