import { metrics, trace } from '@opentelemetry/api';
import { MeterProvider, MetricReader, type MetricData } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

class ManualReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** A number that was recorded under some attributes; of a histogram its count and sum. */
export interface Point {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

/** Registers an SDK that keeps everything in memory, until it is disposed of. */
export function recordTelemetry() {
  const reader = new ManualReader();
  const exporter = new InMemorySpanExporter();
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  const read = async (): Promise<readonly MetricData[]> => {
    const { resourceMetrics, errors } = await reader.collect();
    if (errors.length > 0) throw new AggregateError(errors);
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  };
  return {
    spans: () => exporter.getFinishedSpans(),
    metrics: read,
    points: async (name: string): Promise<Point[]> => {
      const metric = (await read()).find(({ descriptor }) => descriptor.name === name);
      return (metric?.dataPoints ?? []).map(({ attributes, value }) => ({ attributes, value: plain(value) }));
    },
    [Symbol.dispose]: () => {
      metrics.disable();
      trace.disable();
    },
  };
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('sum' in value) || !('count' in value)) return value;
  return { count: value.count, sum: value.sum };
}
