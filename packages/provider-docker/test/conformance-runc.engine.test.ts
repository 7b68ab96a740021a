import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { dockerProvider } from '../src/index.ts';

// It runs both languages; through TLS a secret is in the configuration, too.
const notApplicable = ['requests/undeclared-python', 'requests/undeclared-javascript', 'health/no-secrets'];

describeConformance('provider-docker under runc', () => createProvider(dockerProvider, { isolation: 'runc' }), { notApplicable });
