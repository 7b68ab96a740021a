import { SpanStatusCode, type Span } from '@opentelemetry/api';
import type { ExecutionResult, Language } from '@sandport/core';
import type { RouteStep } from '../routing/call-route.ts';
import { clientAttributesOf, clientErrorTypeOf, type ClientAttributeValues } from './client-attribute-values.ts';
import { currentClientInstruments, currentClientTracer } from './client-instruments.ts';
import { CLIENT_TELEMETRY_SPANS } from './client-telemetry-names.ts';

/** What becomes known of a call while it goes on. */
export interface CallObservation {
  /** The provider that was asked last. */
  providerId: string | undefined;
}

/**
 * Carries out a call within a span, and counts it. It resolves and rejects exactly as `run` does; without an SDK of OpenTelemetry nothing else happens.
 */
export function instrumentCall<Result extends ExecutionResult>(
  language: Language,
  run: (observation: CallObservation) => Promise<Result>,
): Promise<Result> {
  return currentClientTracer().startActiveSpan(CLIENT_TELEMETRY_SPANS.execute.name, async (span) => {
    const observation: CallObservation = { providerId: undefined };
    try {
      const result = await run(observation);
      record(span, language, { providerId: observation.providerId, status: result.status });
      return result;
    } catch (error) {
      const errorType = clientErrorTypeOf(error);
      record(span, language, { providerId: observation.providerId, status: 'error', errorType });
      // A call that its caller withdrew has not failed. The message is left out: it may quote what the caller wrote.
      if (errorType !== 'CANCELLED') span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

function record(span: Span, language: Language, values: ClientAttributeValues): void {
  currentClientInstruments()?.calls.add(1, clientAttributesOf(values));
  if (span.isRecording()) span.setAttributes(clientAttributesOf({ ...values, language }));
}

/** A call left a provider for the next one. An id that nobody carries may be anything that was written into a row, and is not told. */
export function countFallback({ providerId, code }: RouteStep): void {
  const knownId = code === 'PROVIDER_UNKNOWN' ? undefined : providerId;
  currentClientInstruments()?.fallbacks.add(1, clientAttributesOf({ providerId: knownId, errorType: code }));
}

/** A running client noticed that the stored configuration is another one. */
export function countConfigurationChange(): void {
  currentClientInstruments()?.configurationChanges.add(1);
}

/** The stored configuration was read, or could not be. */
export function recordSettingsRead(durationMs: number, failure: { readonly error: unknown } | undefined): void {
  const errorType = failure === undefined ? undefined : clientErrorTypeOf(failure.error);
  currentClientInstruments()?.settingsReadDuration.record(durationMs / 1000, clientAttributesOf({ errorType }));
}
