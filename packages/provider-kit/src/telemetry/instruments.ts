import { createNoopMeter, metrics, trace, type Meter, type MeterProvider, type Tracer, type TracerProvider } from '@opentelemetry/api';
import { observePools } from './observed-pools.ts';
import { TELEMETRY_METRICS, type MetricKey } from './telemetry-names.ts';

const SCOPE = '@sandport/provider-kit';

/** From a warm hand-out of less than a millisecond to an hour of computing, in seconds. */
const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600];

/** Everything that is recorded when it happens. */
export type Instruments = ReturnType<typeof createInstruments>;

let current: { readonly provider: MeterProvider; readonly instruments: Instruments | undefined } | undefined;

/**
 * The instruments of the meter provider that is registered now; `undefined` without one. The API hands out no meter that would begin to work when an
 * SDK is registered later, so the registration is looked at each time.
 */
export function currentInstruments(): Instruments | undefined {
  const provider = metrics.getMeterProvider();
  if (current?.provider !== provider) {
    const meter = provider.getMeter(SCOPE);
    current = { provider, instruments: meter === createNoopMeter() ? undefined : createInstruments(meter) };
  }
  return current.instruments;
}

let tracing: { readonly provider: TracerProvider; readonly tracer: Tracer } | undefined;

/** The tracer; it begins to work when an SDK is registered. */
export function currentTracer(): Tracer {
  const provider = trace.getTracerProvider();
  if (tracing?.provider !== provider) tracing = { provider, tracer: provider.getTracer(SCOPE) };
  return tracing.tracer;
}

function createInstruments(meter: Meter) {
  const counter = (key: MetricKey) => meter.createCounter(TELEMETRY_METRICS[key].name, optionsOf(key));
  const histogram = (key: MetricKey) =>
    meter.createHistogram(TELEMETRY_METRICS[key].name, { ...optionsOf(key), advice: { explicitBucketBoundaries: BUCKETS_SECONDS } });
  observePools(meter);
  return {
    calls: counter('calls'),
    callDuration: histogram('callDuration'),
    phaseDuration: histogram('phaseDuration'),
    claims: counter('claims'),
    queueDuration: histogram('queueDuration'),
    refusals: counter('refusals'),
    creates: counter('creates'),
    createDuration: histogram('createDuration'),
    deaths: counter('deaths'),
  };
}

function optionsOf(key: MetricKey) {
  const { unit, description } = TELEMETRY_METRICS[key];
  return { unit, description };
}
