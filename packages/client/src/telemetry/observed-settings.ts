import type { Meter } from '@opentelemetry/api';
import { CLIENT_TELEMETRY_METRICS } from './client-telemetry-names.ts';

/** Says whether the settings of a client can be read. */
type SettingsState = () => boolean;

const states = new Set<SettingsState>();

/** Shows from now on whether a client can read its settings, until the returned function is called. */
export function showSettings(isUp: SettingsState): () => void {
  states.add(isUp);
  return () => states.delete(isUp);
}

/** Lets a meter ask for the state of all settings whenever it reads. One client that cannot read is one too many. */
export function observeSettings(meter: Meter): void {
  const { name, unit, description } = CLIENT_TELEMETRY_METRICS.settingsUp;
  meter.createObservableGauge(name, { unit, description }).addCallback((result) => {
    if (states.size > 0) result.observe([...states].every((isUp) => isUp()) ? 1 : 0);
  });
}
