// @ts-check
import { defineProvider, SandboxError } from '@sandport/core';
import { z } from 'zod';

/** @import { ExecutionResult, ProviderCapabilities, Sandbox } from '@sandport/core' */

/** @type {ExecutionResult} */
const RESULT = {
  status: 'completed',
  error: null,
  value: 1,
  valueJson: '1',
  stdout: '',
  stderr: '',
  truncated: { stdout: false, stderr: false },
  exitCode: 0,
  signal: null,
  artifacts: { files: [], omitted: [], complete: true },
  clock: { queueMs: 0, claimMs: 0, startMs: 0, runMs: 0, collectMs: 0, totalMs: 0 },
  evidence: [{ kind: 'exit', observer: 'host', exitCode: 0, signal: null }],
  isolation: { kind: 'remote', measuredBy: 'bench' },
  providerId: 'instant',
  language: 'python',
};

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

const refuse = () => Promise.reject(new SandboxError('CAPABILITY_UNSUPPORTED', 'Nothing is run here.'));

/** @returns {Sandbox} */
function instantSandbox() {
  return {
    id: 'instant',
    language: 'python',
    expiresAtMs: null,
    execute: () => Promise.resolve(RESULT),
    createContext: refuse,
    context: () => {
      throw new SandboxError('CAPABILITY_UNSUPPORTED', 'Nothing is run here.');
    },
    writeFile: refuse,
    readFile: refuse,
    readFileStream: async function* () {
      yield* [];
    },
    extend: refuse,
    destroy: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A provider that runs nothing and takes no time, so that what is measured around it is the layers above. */
export const instantProvider = defineProvider({
  id: 'instant',
  displayName: 'Instant',
  description: 'Runs nothing.',
  tags: [],
  languages: ['python'],
  configSchema: z.strictObject({}),
  create: () => ({
    specificationVersion: /** @type {const} */ ('v1'),
    id: 'instant',
    capabilities: CAPABILITIES,
    createSandbox: () => Promise.resolve(instantSandbox()),
    connectSandbox: refuse,
    checkHealth: refuse,
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
});
