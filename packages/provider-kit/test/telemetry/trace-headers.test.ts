import { propagation, type TextMapPropagator } from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';
import { traceHeaders } from '../../src/index.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const propagator: TextMapPropagator = {
  inject: (_context, carrier, setter) => {
    for (const [name, value] of [
      ['traceparent', TRACEPARENT],
      ['baggage', 'user=somebody'],
    ] as const) {
      setter.set(carrier, name, value);
    }
  },
  extract: (context) => context,
  fields: () => ['traceparent', 'baggage'],
};

afterEach(() => propagation.disable());

test('a trace goes on at the far side, and nothing else of the application goes with it', () => {
  propagation.setGlobalPropagator(propagator);
  expect(traceHeaders()).toEqual({ traceparent: TRACEPARENT });
});

test('without an SDK there is nothing to go on with', () => {
  expect(traceHeaders()).toEqual({});
});
