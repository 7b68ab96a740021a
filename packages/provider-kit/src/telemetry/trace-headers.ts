import { context, propagation } from '@opentelemetry/api';

/** What W3C's Trace Context has. What else a propagator would hand on, such as baggage, is the application's own. */
const TRACE_HEADERS = ['traceparent', 'tracestate'];

/** Headers by which a service of ours goes on with the span that is active; none without an SDK of OpenTelemetry. */
export function traceHeaders(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return Object.fromEntries(Object.entries(carrier).filter(([name]) => TRACE_HEADERS.includes(name)));
}
