import { describe, expect, test } from 'vitest';
import { SandboxError } from '../errors/sandbox-error.ts';
import { parseExecutionRequest, type ExecutionRequest, type ExecutionRequestInput } from '../execution/execution-request.ts';
import type { CreateSandboxOptions } from '../sandbox.ts';
import { checkSandboxOptionsAgainstPolicy, findPassportProblem, requestWithinPolicy } from './check-policy.ts';
import type { Passport } from './passport.ts';
import { sandboxPolicySchema, type SandboxPolicyInput } from './sandbox-policy.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOW_MS = 1_900_000_000_000;
const DIGEST = 'a'.repeat(64);
const MEBIBYTE = 1024 * 1024;

const good: Passport = {
  formatVersion: 1,
  providerId: 'docker',
  configDigest: DIGEST,
  madeAtMs: NOW_MS - HOUR_MS,
  durationMs: 9000,
  passed: true,
  isolation: { kind: 'gvisor', measuredBy: 'guest-kernel-log' },
  languages: ['python', 'javascript'],
  network: ['none'],
  limits: [],
  latency: { count: 10, p50Ms: 3, p95Ms: 5, maxMs: 6 },
  cases: [],
};

function problemOf(passport: Partial<Passport> | undefined, policy: SandboxPolicyInput = {}): string | undefined {
  return findPassportProblem(sandboxPolicySchema.parse(policy), {
    providerId: 'docker',
    configDigest: DIGEST,
    passport: passport === undefined ? undefined : { ...good, ...passport },
    nowMs: NOW_MS,
  });
}

describe('findPassportProblem', () => {
  test('finds nothing against a passport that meets every rule', () => {
    expect(problemOf({}, { minimumIsolation: 'gvisor', languages: ['python'], maxPassportAgeHours: 1 })).toBeUndefined();
  });

  test.each<[string, Partial<Passport> | undefined, SandboxPolicyInput, string]>([
    ['is missing', undefined, {}, '"docker" has no passport'],
    ['is of another configuration', { configDigest: 'b'.repeat(64) }, {}, 'the passport of "docker" is that of another configuration'],
    [
      'is of another provider with the same configuration',
      { providerId: 'wasm' },
      {},
      'the passport of "docker" is that of another provider',
    ],
    ['failed', { passed: false }, {}, '"docker" failed its trial'],
    [
      'is stale',
      { madeAtMs: NOW_MS - 25 * HOUR_MS },
      { maxPassportAgeHours: 24 },
      'the passport of "docker" is 25 hours old; 24 are allowed',
    ],
    [
      'is stale by a moment',
      { madeAtMs: NOW_MS - 24 * HOUR_MS - 1 },
      { maxPassportAgeHours: 24 },
      'the passport of "docker" is 24.1 hours old; 24 are allowed',
    ],
    ['is dated in the future', { madeAtMs: NOW_MS + 5 * MINUTE_MS + 1 }, {}, 'the passport of "docker" is dated in the future'],
    [
      'is dated in the future and may not grow old',
      { madeAtMs: NOW_MS + 9 * HOUR_MS },
      { maxPassportAgeHours: 24 },
      'the passport of "docker" is dated in the future',
    ],
  ])('speaks against a passport that %s', (_, passport, policy, problem) => {
    expect(problemOf(passport, policy)).toBe(problem);
  });

  test.each<[string, Partial<Passport>, SandboxPolicyInput]>([
    ['as old as allowed', { madeAtMs: NOW_MS - 24 * HOUR_MS }, { maxPassportAgeHours: 24 }],
    ['very old, where no age is set', { madeAtMs: 0 }, {}],
    ['dated by a clock that is five minutes ahead', { madeAtMs: NOW_MS + 5 * MINUTE_MS }, { maxPassportAgeHours: 1 }],
  ])('takes a passport that is %s', (_, passport, policy) => {
    expect(problemOf(passport, policy)).toBeUndefined();
  });

  test('takes isolation from the demanded one upwards, and names what was measured', () => {
    const kinds = ['runc', 'wasm', 'gvisor'] as const;
    const accepted = kinds.map((minimumIsolation) =>
      kinds.filter((kind) => problemOf({ isolation: { kind, measuredBy: 'a test' } }, { minimumIsolation }) === undefined),
    );
    expect(accepted).toEqual([['runc', 'wasm', 'gvisor'], ['wasm', 'gvisor'], ['gvisor']]);
    expect(problemOf({ isolation: { kind: 'runc', measuredBy: 'a test' } }, { minimumIsolation: 'wasm' })).toBe(
      '"docker" was measured as runc, which is weaker than wasm',
    );
  });

  test('takes isolation that was not measured only where none is demanded', () => {
    expect(problemOf({ isolation: null })).toBeUndefined();
    expect(problemOf({ isolation: null }, { minimumIsolation: 'runc' })).toBe('the isolation of "docker" was not measured');
    expect(problemOf({ isolation: null }, { minimumIsolation: 'runc', trustRemoteIsolation: true })).toBe(
      'the isolation of "docker" was not measured',
    );
  });

  test('takes the word of a service only where the policy trusts it', () => {
    const remote: Partial<Passport> = { isolation: { kind: 'remote', measuredBy: 'the service' } };
    expect(problemOf(remote)).toBeUndefined();
    expect(problemOf(remote, { minimumIsolation: 'runc' })).toBe(
      'the isolation of "docker" is its service\'s word, which the policy does not trust',
    );
    expect(problemOf(remote, { minimumIsolation: 'gvisor', trustRemoteIsolation: true })).toBeUndefined();
  });

  test('demands that one of the allowed languages really ran', () => {
    expect(problemOf({ languages: ['javascript'] }, { languages: ['python', 'javascript'] })).toBeUndefined();
    expect(problemOf({ languages: ['javascript'] }, { languages: ['python'] })).toBe('"docker" ran none of the allowed languages (python)');
    expect(problemOf({ languages: [] }, { languages: ['python', 'javascript'] })).toBe(
      '"docker" ran none of the allowed languages (python, javascript)',
    );
  });
});

/** What a check made of a call: `accepted`, or the code with the field that is named in the details and begins the message. */
function outcomeOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    const field = error.message.split(':')[0] ?? '';
    expect(error.details?.['field']).toBe(field);
    expect(error.suggestion).toContain(field);
    return `${error.code} ${field}`;
  }
  return 'accepted';
}

const ofRequest = (policy: SandboxPolicyInput, input: Omit<ExecutionRequestInput, 'code'>, changes: Partial<ExecutionRequest> = {}) =>
  outcomeOf(() => requestWithinPolicy(sandboxPolicySchema.parse(policy), { ...parseExecutionRequest({ code: '', ...input }), ...changes }));

const ofOptions = (policy: SandboxPolicyInput, options: Partial<CreateSandboxOptions>) =>
  outcomeOf(() => checkSandboxOptionsAgainstPolicy(sandboxPolicySchema.parse(policy), { language: 'python', ...options }));

/** A policy of a later contract, which knows networks, meets one of today only through this cast. */
const internet = 'internet' as never;

const sandboxMaxima = [
  ['memoryBytes', 128 * MEBIBYTE],
  ['processes', 64],
  ['diskBytes', 32 * MEBIBYTE],
  ['cpus', 1.5],
  ['openFiles', 256],
] as const;

describe('requestWithinPolicy', () => {
  test('lets an empty policy allow every call without a network', () => {
    expect(ofRequest({}, { limits: { timeoutMs: 3_600_000, memoryBytes: 1024 * MEBIBYTE } })).toBe('accepted');
  });

  test('keeps to the languages', () => {
    expect(ofRequest({ languages: ['python'] }, { language: 'python3' })).toBe('accepted');
    expect(ofRequest({ languages: ['python'] }, { language: 'node' })).toBe('POLICY_VIOLATED language');
    expect(ofRequest({ languages: ['javascript', 'python'] }, { language: 'node' })).toBe('accepted');
  });

  test('allows a network only where the policy says so', () => {
    expect(ofRequest({}, {}, { network: internet })).toBe('POLICY_VIOLATED network');
    expect(ofRequest({ allowNetwork: true }, {}, { network: internet })).toBe('accepted');
  });

  test.each([['timeoutMs', 5000] as const, ['outputBytes', 4096] as const, ...sandboxMaxima])(
    'keeps to the maximum of %s',
    (name, most) => {
      const policy = { maxima: { [name]: most } };
      const others = { timeoutMs: 1, outputBytes: 1 };
      expect(ofRequest(policy, { limits: { ...others, [name]: most } })).toBe('accepted');
      expect(ofRequest(policy, { limits: { ...others, [name]: name === 'cpus' ? most + 0.1 : most + 1 } })).toBe(
        `POLICY_VIOLATED limits.${name}`,
      );
    },
  );

  test('leaves limits that a call does not set to the provider', () => {
    expect(ofRequest({ maxima: { memoryBytes: 1, processes: 1, diskBytes: 1, cpus: 0.1, openFiles: 1 } }, {})).toBe('accepted');
  });

  test('lowers what the caller left to the contract, and nothing else', () => {
    const policy = sandboxPolicySchema.parse({ maxima: { timeoutMs: 1000.5, outputBytes: 64 * MEBIBYTE } });
    const asked = parseExecutionRequest({ code: '', limits: { valueBytes: 10, timeoutMs: undefined } });
    const allowed = requestWithinPolicy(policy, asked);
    expect(allowed).toEqual({ ...asked, limits: { ...asked.limits, timeoutMs: 1000 } });
    // It stays a checked request, whose defaults may be lowered once more.
    expect(parseExecutionRequest(allowed)).toBe(allowed);
    expect(requestWithinPolicy(sandboxPolicySchema.parse({ maxima: { timeoutMs: 10 } }), allowed).limits.timeoutMs).toBe(10);
    expect(() => requestWithinPolicy(policy, parseExecutionRequest({ code: '', limits: { timeoutMs: 30_000 } }))).toThrow(
      'limits.timeoutMs: must be at most 1000.5 by the stored policy.',
    );
  });

  test('says what is allowed, and who decided it', () => {
    const policy = sandboxPolicySchema.parse({ languages: ['python', 'javascript'], maxima: { timeoutMs: 1000 } });
    expect(() => requestWithinPolicy(policy, parseExecutionRequest({ code: '', limits: { timeoutMs: 2000 } }))).toThrow(
      'limits.timeoutMs: must be at most 1000 by the stored policy.',
    );
  });
});

describe('checkSandboxOptionsAgainstPolicy', () => {
  test('lets an empty policy allow every sandbox without a network', () => {
    expect(ofOptions({}, { lifetimeMs: 86_400_000, idleTimeoutMs: 86_400_000, network: 'none', reconnectable: true })).toBe('accepted');
  });

  test('keeps to the languages', () => {
    expect(ofOptions({ languages: ['python'] }, {})).toBe('accepted');
    expect(ofOptions({ languages: ['python'] }, { language: 'javascript' })).toBe('POLICY_VIOLATED language');
  });

  test('allows a network only where the policy says so', () => {
    expect(ofOptions({}, { network: internet })).toBe('POLICY_VIOLATED network');
    expect(ofOptions({ allowNetwork: true }, { network: internet })).toBe('accepted');
  });

  test.each(sandboxMaxima)('keeps to the maximum of %s', (name, most) => {
    const policy = { maxima: { [name]: most } };
    expect(ofOptions(policy, {})).toBe('accepted');
    expect(ofOptions(policy, { limits: { [name]: most } })).toBe('accepted');
    for (const value of [most + 1, Number.NaN]) {
      expect(ofOptions(policy, { limits: { [name]: value } })).toBe(`POLICY_VIOLATED limits.${name}`);
    }
  });

  test.each(['lifetimeMs', 'idleTimeoutMs'] as const)('keeps %s to the longest life', (name) => {
    const policy = { maxima: { lifetimeMs: 60_000 } };
    expect(ofOptions(policy, {})).toBe('accepted');
    expect(ofOptions(policy, { [name]: 60_000 })).toBe('accepted');
    expect(ofOptions(policy, { [name]: 60_001 })).toBe(`POLICY_VIOLATED ${name}`);
  });
});
