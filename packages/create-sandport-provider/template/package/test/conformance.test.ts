import { FIRST_CASES } from '@sandport/conformance';
import { describeConformance } from '@sandport/conformance/vitest';
import { createProvider } from '@sandport/core';
import { newCloudProvider } from '../src/index.ts';

// It runs both languages, and its configuration has no secret.
const notApplicable = ['requests/undeclared-python', 'requests/undeclared-javascript', 'health/no-secrets'];

// The first level: a program runs, and what it did comes back whole and true. Take "only" away for all of the contract. Of "isolation/" the stand-in keeps what it can, which is less where it is not root.
describeConformance('provider-new-cloud', () => createProvider(newCloudProvider, { maxSandboxes: 8 }), {
  only: FIRST_CASES,
  notApplicable,
  graceMs: 3000,
  concurrent: true,
});
