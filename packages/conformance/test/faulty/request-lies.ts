import { posix } from 'node:path';
import { parseExecutionRequest, SandboxError, type ExecutionRequest, type ExecutionRequestInput, type HealthReport } from '@sandport/core';
import type { FaultyProviders } from './faulty-provider.ts';

/** Lies at the door. */
export const REQUEST_LIES: FaultyProviders = {
  'swallows-unknown-fields': { habits: { checkRequest: dropUnknownFields }, fails: ['requests/unknown-field'] },
  'corrects-limits': { habits: { checkRequest: correctTimeout }, fails: ['limits/timeout-maximum', 'requests/limits'] },
  'corrects-paths': { habits: { cleanPath: correctPath }, fails: ['files/exchange-escapes'] },
  'mends-requests': {
    habits: { checkRequest: mendRequest },
    fails: [
      'files/escapes',
      'requests/arguments',
      'requests/code',
      'requests/environment',
      'requests/files',
      'requests/limits',
      'requests/max-wait',
      'requests/network',
      'requests/refusal-leaves-sandbox',
      'requests/stdin',
      'requests/unknown-field',
    ],
  },
  'falls-back-to-python': {
    habits: { checkRequest: fallBack },
    language: 'python',
    fails: ['requests/other-language', 'requests/unknown-language'],
  },
  'takes-no-checked-request': {
    habits: { checkRequest: (input) => parseExecutionRequest({ ...input }) },
    fails: ['requests/checked-before'],
  },
  'starts-withdrawn-calls': {
    habits: { looksAtSignal: false },
    fails: ['cancellation/before-creation', 'cancellation/before-start', 'cancellation/files-before-start'],
  },
  'ignores-open-files': {
    habits: { limitsOpenFiles: false },
    among: ['limits/open-files'],
    fails: ['limits/open-files', 'limits/open-files-uncaught'],
  },
  'takes-any-limit': {
    habits: { looksAtRanges: false },
    among: [
      'limits/artifact-',
      'limits/cpus',
      'limits/disk',
      'limits/open-files-range',
      'limits/output-maximum',
      'limits/processes-range',
      'limits/timeout-maximum',
      'requests/max-wait',
    ],
    fails: [
      'limits/artifact-count-maximum',
      'limits/artifact-total-maximum',
      'limits/cpus',
      'limits/cpus-range',
      'limits/disk',
      'limits/disk-range',
      'limits/open-files-range',
      'limits/output-maximum',
      'limits/processes-range',
      'limits/timeout-maximum',
      'requests/max-wait',
    ],
  },
  'serves-what-it-does-not-declare': {
    habits: { looksAtRanges: false },
    capabilities: { stdin: false, lifetimes: false, reconnect: false, environment: false, files: false },
    among: ['environment/variables', 'files/input', 'input/text', 'lifetimes/default', 'reconnection/unknown'],
    fails: ['environment/variables', 'files/input', 'input/text', 'lifetimes/default', 'reconnection/unknown'],
  },
  'serves-twice': {
    habits: { servesWhenClosed: true },
    capabilities: { executionsPerSandbox: 'one' },
    among: ['lifecycle/second-execution', 'sandboxes/files-stay'],
    fails: ['lifecycle/second-execution', 'sandboxes/files-stay'],
  },
  'runs-withdrawn-cells': { habits: { looksAtSignal: false }, among: ['cancellation/withdrawn'], fails: ['cancellation/withdrawn'] },
  'claims-health': { habits: { reportHealth: (report) => ({ ...report, status: 'healthy', checks: [] }) }, fails: ['health/report'] },
  'shows-secret': { habits: { reportHealth: showSecret }, fails: ['health/no-secrets'] },
};

/** The longest that the provider declares. */
const LONGEST_TIMEOUT_MS = 60_000;

const FIELDS = [
  'code',
  'language',
  'arguments',
  'files',
  'environment',
  'limits',
  'network',
  'tenant',
  'stdin',
  'maxWaitMs',
  'onOutput',
] as const;

function dropUnknownFields(input: ExecutionRequestInput | ExecutionRequest): ExecutionRequest {
  if (isChecked(input)) return input;
  const known = Object.fromEntries(FIELDS.filter((name) => Object.hasOwn(input, name)).map((name) => [name, input[name]]));
  return parseExecutionRequest({ ...known, code: input.code });
}

function correctTimeout(input: ExecutionRequestInput | ExecutionRequest): ExecutionRequest {
  if (isChecked(input) || input.limits?.timeoutMs === undefined) return parseExecutionRequest(input);
  const timeoutMs = Math.max(1, Math.min(LONGEST_TIMEOUT_MS, Math.round(input.limits.timeoutMs)));
  return parseExecutionRequest({ ...input, limits: { ...input.limits, timeoutMs } });
}

function isChecked(input: ExecutionRequestInput | ExecutionRequest): input is ExecutionRequest {
  return input.files instanceof Map;
}

function correctPath(path: string): string {
  return posix.join('/', path.replaceAll('\\', '/').replace(/\p{Cc}/gu, '')).slice(1, 400) || 'unnamed';
}

/** Runs the bare code of a request that it should refuse. */
function mendRequest(input: ExecutionRequestInput | ExecutionRequest): ExecutionRequest {
  try {
    return parseExecutionRequest(input);
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== 'REQUEST_INVALID') throw error;
    const { language, onOutput } = input;
    return parseExecutionRequest({ code: String(input.code).slice(0, 1000), language, onOutput });
  }
}

function fallBack(input: ExecutionRequestInput | ExecutionRequest): ExecutionRequest {
  if (isChecked(input)) return input;
  return parseExecutionRequest({ ...input, language: 'python' });
}

function showSecret(report: HealthReport, secret: string): HealthReport {
  return { ...report, checks: report.checks.map((check) => ({ ...check, message: `${check.message} The key is ${secret}.` })) };
}
