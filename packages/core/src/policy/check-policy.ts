import type { SandboxErrorOptions } from '../errors/sandbox-error.ts';
import { SandboxError } from '../errors/sandbox-error.ts';
import { lowerDefaultLimits, type ExecutionRequest } from '../execution/execution-request.ts';
import type { Language } from '../language.ts';
import type { CreateSandboxOptions } from '../sandbox.ts';
import { SANDBOX_LIMIT_NAMES } from '../execution/execution-limits.ts';
import type { Passport } from './passport.ts';
import { MEASURABLE_ISOLATIONS, type SandboxPolicy } from './sandbox-policy.ts';

/** How far a passport may lie in the future before the clock that dated it, or ours, is taken to be wrong. */
const MAX_CLOCK_SKEW_MS = 5 * 60_000;

const HOUR_MS = 3_600_000;

/** A configuration whose proof is looked at. */
export interface PassportQuestion {
  readonly providerId: string;
  /** `configDigest` of the configuration that would be used. */
  readonly configDigest: string;
  /** The newest passport of the provider. */
  readonly passport: Passport | undefined;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Why a configuration may not be used under a policy; `undefined` when it may. A missing, failed, foreign or stale passport speaks against it, and so does one that a wrong clock dated.
 */
export function findPassportProblem(policy: SandboxPolicy, question: PassportQuestion): string | undefined {
  const { providerId, configDigest, passport, nowMs } = question;
  if (passport === undefined) return `"${providerId}" has no passport`;
  // Two providers may have the same configuration: the empty one, for example.
  if (passport.providerId !== providerId) return `the passport of "${providerId}" is that of another provider`;
  if (passport.configDigest !== configDigest) return `the passport of "${providerId}" is that of another configuration`;
  if (!passport.passed) return `"${providerId}" failed its trial`;
  const ageMs = nowMs - passport.madeAtMs;
  if (ageMs < -MAX_CLOCK_SKEW_MS) return `the passport of "${providerId}" is dated in the future`;
  if (policy.maxPassportAgeHours !== undefined && ageMs > policy.maxPassportAgeHours * HOUR_MS) {
    // Rounded up, so that it is never told as what is allowed.
    const ageHours = Math.ceil((ageMs / HOUR_MS) * 10) / 10;
    return `the passport of "${providerId}" is ${ageHours} hours old; ${policy.maxPassportAgeHours} are allowed`;
  }
  return findIsolationProblem(policy, passport) ?? findLanguageProblem(policy, passport);
}

function findIsolationProblem({ minimumIsolation, trustRemoteIsolation }: SandboxPolicy, passport: Passport): string | undefined {
  if (minimumIsolation === undefined) return undefined;
  const kind = passport.isolation?.kind;
  if (kind === undefined) return `the isolation of "${passport.providerId}" was not measured`;
  if (kind === 'remote') {
    return trustRemoteIsolation
      ? undefined
      : `the isolation of "${passport.providerId}" is its service's word, which the policy does not trust`;
  }
  return MEASURABLE_ISOLATIONS.indexOf(kind) >= MEASURABLE_ISOLATIONS.indexOf(minimumIsolation)
    ? undefined
    : `"${passport.providerId}" was measured as ${kind}, which is weaker than ${minimumIsolation}`;
}

function findLanguageProblem({ languages }: SandboxPolicy, passport: Passport): string | undefined {
  if (languages === undefined || passport.languages.some((language) => languages.includes(language))) return undefined;
  return `"${passport.providerId}" ran none of the allowed languages (${languages.join(', ')})`;
}

/**
 * A checked request as a policy allows it: limits that its caller left to the contract are lowered to the maxima, and what he wrote himself is refused where it is more.
 *
 * @throws SandboxError `POLICY_VIOLATED` naming the field.
 */
export function requestWithinPolicy(policy: SandboxPolicy, asked: ExecutionRequest): ExecutionRequest {
  const { timeoutMs, outputBytes } = policy.maxima;
  const request = lowerDefaultLimits(asked, { timeoutMs, outputBytes });
  checkLanguage(policy, request.language);
  if (request.network !== 'none' && !policy.allowNetwork) throw forbidden('network', 'no network is allowed');
  for (const name of ['timeoutMs', 'outputBytes'] as const) checkMaximum(`limits.${name}`, request.limits[name], policy.maxima[name]);
  for (const name of SANDBOX_LIMIT_NAMES) checkMaximum(`limits.${name}`, request.sandboxLimits[name], policy.maxima[name]);
  return request;
}

/**
 * Refuses a sandbox that asks for more than a policy allows.
 *
 * @throws SandboxError `POLICY_VIOLATED` naming the field.
 */
export function checkSandboxOptionsAgainstPolicy(policy: SandboxPolicy, options: CreateSandboxOptions): void {
  checkLanguage(policy, options.language);
  if ((options.network ?? 'none') !== 'none' && !policy.allowNetwork) throw forbidden('network', 'no network is allowed');
  for (const name of SANDBOX_LIMIT_NAMES) checkMaximum(`limits.${name}`, options.limits?.[name], policy.maxima[name]);
  checkMaximum('lifetimeMs', options.lifetimeMs, policy.maxima.lifetimeMs);
  checkMaximum('idleTimeoutMs', options.idleTimeoutMs, policy.maxima.lifetimeMs);
}

function checkLanguage({ languages }: SandboxPolicy, language: Language): void {
  if (languages === undefined || languages.includes(language)) return;
  throw forbidden('language', `only ${languages.join(' and ')} may be used`);
}

function checkMaximum(field: string, value: number | undefined, maximum: number | undefined): void {
  if (value === undefined || maximum === undefined || value <= maximum) return;
  throw forbidden(field, `must be at most ${maximum}`);
}

function forbidden(field: string, rule: string): SandboxError {
  const options: SandboxErrorOptions = {
    operation: 'checkPolicy',
    suggestion: `Choose a value of "${field}" that the policy allows, or let the operator change the row "sandbox.policy".`,
    details: { field },
  };
  return new SandboxError('POLICY_VIOLATED', `${field}: ${rule} by the stored policy.`, options);
}
