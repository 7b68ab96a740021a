// @ts-check
/** A provider that runs nothing: it notes each start of a program in a file that all processes share, takes its time, and gives its own id as the value. */
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/** @import { ExecutionResult, ProviderCapabilities, Sandbox, SandboxProvider } from '../../packages/core/src/index.ts' */
/** @typedef {typeof import('../../packages/core/src/index.ts')} Core the contract as its user has it: built in a process of its own, from its sources in a test */

/** @param {Core} core */
const configSchemaOf = ({ configFields, Secret }) =>
  z.strictObject({
    pace: z.int().min(1).max(1000).default(30).register(configFields, { label: 'Pace', help: 'Milliseconds that a program takes.' }),
    token: z
      .string()
      .min(8)
      .transform((text) => new Secret(text))
      .optional()
      .register(configFields, { label: 'Token', help: 'Opens the far side.', secret: true }),
  });

/** @type {ProviderCapabilities} */
const CAPABILITIES = {
  languages: ['python'],
  javascriptRuntime: 'node',
  executionsPerSandbox: 'one',
  streamsOutput: false,
  stdin: false,
  contexts: false,
  richResults: false,
  lifetimes: false,
  reconnect: false,
  files: false,
  artifacts: false,
  environment: false,
  cancellation: false,
  network: ['none'],
  limits: { memory: false, processes: false, disk: false, cpus: false, openFiles: false },
  subprocesses: false,
  maxima: { timeoutMs: 60_000 },
};

/**
 * @param {Core} core
 * @param {string} id
 * @param {string} markFile
 */
export function markingProvider(core, id, markFile) {
  return core.defineProvider({
    id,
    displayName: `Marking ${id}`,
    description: 'Notes each call.',
    tags: [],
    languages: ['python'],
    configSchema: configSchemaOf(core),
    create: (config) => provider(core, id, markFile, config),
  });
}

/**
 * @param {Core} core
 * @param {string} id
 * @param {string} markFile
 * @param {{ pace: number }} config
 * @returns {SandboxProvider}
 */
function provider({ parseExecutionRequest, SandboxError }, id, markFile, { pace }) {
  const refuse = () => Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'This provider only marks calls.'));
  let isClosed = false;
  const throwIfClosed = () => {
    if (isClosed) throw new SandboxError('SANDBOX_CLOSED', `The provider "${id}" was closed.`);
  };
  /** @returns {Sandbox} */
  const sandbox = () => ({
    id: `${id}-sandbox`,
    language: 'python',
    expiresAtMs: null,
    execute: async (input) => {
      throwIfClosed();
      const request = parseExecutionRequest(input);
      appendFileSync(markFile, `${request.code}\n`);
      await delay(pace);
      throwIfClosed();
      return resultOf(id);
    },
    createContext: refuse,
    context: () => {
      throw new SandboxError('CAPABILITY_UNSUPPORTED', 'This provider only marks calls.');
    },
    writeFile: refuse,
    readFile: refuse,
    readFileStream: async function* () {
      yield await refuse();
    },
    extend: refuse,
    destroy: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  const close = () => {
    isClosed = true;
    return Promise.resolve();
  };
  return {
    specificationVersion: 'v1',
    id,
    capabilities: CAPABILITIES,
    createSandbox: () => {
      throwIfClosed();
      return Promise.resolve(sandbox());
    },
    connectSandbox: refuse,
    checkHealth: () =>
      Promise.resolve({
        providerId: id,
        status: 'healthy',
        isolation: null,
        checks: [],
        checkedAt: new Date().toISOString(),
        durationMs: 0,
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * @param {string} id
 * @returns {ExecutionResult}
 */
function resultOf(id) {
  return {
    status: 'completed',
    error: null,
    value: id,
    valueJson: JSON.stringify(id),
    stdout: '',
    stderr: '',
    truncated: { stdout: false, stderr: false },
    exitCode: 0,
    signal: null,
    artifacts: { files: [], omitted: [], complete: true },
    clock: { queueMs: 0, claimMs: 0, startMs: 0, runMs: 0, collectMs: 0, totalMs: 0 },
    evidence: [{ kind: 'exit', observer: 'host', exitCode: 0, signal: null }],
    isolation: { kind: 'remote', measuredBy: 'mark' },
    providerId: id,
    language: 'python',
  };
}
