import { configDigest, type JsonObject, type Passport } from '@sandport/core';

/** Moment at which the passports of the tests were made, in milliseconds since the epoch. */
export const MADE_AT_MS = 1_700_000_000_000;

export const HOUR_MS = 3_600_000;

/** The row of a passport that proves a configuration. */
export function passportRow(providerId: string, config: JsonObject, facts: Partial<Passport> = {}): Readonly<Record<string, string>> {
  const passport: Passport = {
    formatVersion: 1,
    providerId,
    configDigest: configDigest(config),
    madeAtMs: MADE_AT_MS,
    durationMs: 1,
    passed: true,
    isolation: { kind: 'gvisor', measuredBy: 'test' },
    languages: ['python'],
    network: ['none'],
    limits: [],
    latency: null,
    cases: [],
    ...facts,
  };
  return { [`sandbox.passport.${providerId}`]: JSON.stringify(passport) };
}
