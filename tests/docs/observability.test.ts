import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CLIENT_TELEMETRY_ATTRIBUTES, CLIENT_TELEMETRY_METRICS, CLIENT_TELEMETRY_SPANS } from '../../packages/client/src/index.ts';
import { TELEMETRY_ATTRIBUTES, TELEMETRY_METRICS, TELEMETRY_SPANS } from '../../packages/provider-kit/src/index.ts';
import { renderObservabilityPage } from '../../tools/docs/observability-tables.mjs';

const names = {
  provider: { attributes: TELEMETRY_ATTRIBUTES, metrics: TELEMETRY_METRICS, spans: TELEMETRY_SPANS },
  client: { attributes: CLIENT_TELEMETRY_ATTRIBUTES, metrics: CLIENT_TELEMETRY_METRICS, spans: CLIENT_TELEMETRY_SPANS },
};
const metrics = [...Object.values(TELEMETRY_METRICS), ...Object.values(CLIENT_TELEMETRY_METRICS)];
const spans = [...Object.values(TELEMETRY_SPANS), ...Object.values(CLIENT_TELEMETRY_SPANS)];
const attributes = [...Object.values(TELEMETRY_ATTRIBUTES), ...Object.values(CLIENT_TELEMETRY_ATTRIBUTES)];

test('docs/observability.md has the names that the sources have (otherwise: npm run docs)', () => {
  const page = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8');
  expect(page).toBe(renderObservabilityPage(page, names));
  for (const { name } of [...metrics, ...spans, ...attributes]) expect(page.split(`\n| \`${name}\` |`)).toHaveLength(2);
});

test('durations are in seconds', () => {
  for (const { name, unit, instrument } of metrics) {
    expect([name, unit === 's']).toEqual([name, name.endsWith('.duration')]);
    expect([name, instrument === 'histogram']).toEqual([name, unit === 's']);
  }
});

test('no two packages give a name to different things, nor an attribute two meanings', () => {
  const told = [...metrics, ...spans].map(({ name }) => name);
  expect(told).toEqual([...new Set(told)]);
  const meanings = new Set(attributes.map(({ name, meaning }) => `${name}: ${meaning}`));
  expect(meanings.size).toBe(new Set(attributes.map(({ name }) => name)).size);
});
