import { createNoopMeter, metrics, trace, type Meter, type MeterProvider, type Tracer, type TracerProvider } from '@opentelemetry/api';
import { CLIENT_TELEMETRY_METRICS, type ClientMetricKey } from './client-telemetry-names.ts';
import { observeSettings } from './observed-settings.ts';

const SCOPE = '@sandport/client';

/** From a read of a local file to a database that is not there, in seconds. */
const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Everything that is recorded when it happens. */
type ClientInstruments = ReturnType<typeof createInstruments>;

let current: { readonly provider: MeterProvider; readonly instruments: ClientInstruments | undefined } | undefined;

/**
 * The instruments of the meter provider that is registered now; `undefined` without one. The API hands out no meter that would begin to work when an
 * SDK is registered later, so the registration is looked at each time.
 */
export function currentClientInstruments(): ClientInstruments | undefined {
  const provider = metrics.getMeterProvider();
  if (current?.provider !== provider) {
    const meter = provider.getMeter(SCOPE);
    current = { provider, instruments: meter === createNoopMeter() ? undefined : createInstruments(meter) };
  }
  return current.instruments;
}

let tracing: { readonly provider: TracerProvider; readonly tracer: Tracer } | undefined;

/** The tracer; it begins to work when an SDK is registered. */
export function currentClientTracer(): Tracer {
  const provider = trace.getTracerProvider();
  if (tracing?.provider !== provider) tracing = { provider, tracer: provider.getTracer(SCOPE) };
  return tracing.tracer;
}

function createInstruments(meter: Meter) {
  const counter = (key: ClientMetricKey) => meter.createCounter(CLIENT_TELEMETRY_METRICS[key].name, optionsOf(key));
  observeSettings(meter);
  return {
    calls: counter('calls'),
    fallbacks: counter('fallbacks'),
    configurationChanges: counter('configurationChanges'),
    settingsReadDuration: meter.createHistogram(CLIENT_TELEMETRY_METRICS.settingsReadDuration.name, {
      ...optionsOf('settingsReadDuration'),
      advice: { explicitBucketBoundaries: BUCKETS_SECONDS },
    }),
  };
}

function optionsOf(key: ClientMetricKey) {
  const { unit, description } = CLIENT_TELEMETRY_METRICS[key];
  return { unit, description };
}
