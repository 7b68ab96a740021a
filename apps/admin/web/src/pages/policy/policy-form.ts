import type { Installation } from '@sandport/admin-api';

/** The stored policy. */
export type Policy = NonNullable<Installation['policy']>;

/** Limits of a call that a policy can have, with their units. */
export const POLICY_LIMITS = [
  { name: 'timeoutMs', unit: 'ms' },
  { name: 'outputBytes', unit: 'bytes' },
  { name: 'memoryBytes', unit: 'bytes' },
  { name: 'processes', unit: null },
  { name: 'diskBytes', unit: 'bytes' },
  { name: 'cpus', unit: null },
  { name: 'openFiles', unit: null },
  { name: 'lifetimeMs', unit: 'ms' },
] as const;

/** A policy under which nothing is forbidden but the network: where one begins to write. */
export const EMPTY_POLICY: Policy = { trustRemoteIsolation: false, allowNetwork: false, maxima: {} };

/** A policy with one member changed; `undefined` takes the member out. */
export function withMember<Name extends keyof Policy>(policy: Policy, name: Name, value: Policy[Name] | undefined): Policy {
  const { [name]: _former, ...rest } = policy;
  return { ...(rest as Policy), ...(value === undefined ? {} : { [name]: value }) };
}

/** A policy with one limit changed; `undefined` takes the limit out. */
export function withLimit(policy: Policy, name: (typeof POLICY_LIMITS)[number]['name'], value: number | undefined): Policy {
  const { [name]: _former, ...rest } = policy.maxima;
  return { ...policy, maxima: value === undefined ? rest : { ...rest, [name]: value } };
}

/** Names of the numbers that are no positive ones. */
export function badNumbers(policy: Policy): string[] {
  const numbers = Object.entries({ ...policy.maxima, maxPassportAgeHours: policy.maxPassportAgeHours });
  return numbers.flatMap(([name, value]) => (value === undefined || (Number.isFinite(value) && value > 0) ? [] : [name]));
}
