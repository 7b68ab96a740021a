import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TELEMETRY_ATTRIBUTES, TELEMETRY_METRICS, TELEMETRY_SPANS } from '../../packages/provider-kit/src/index.ts';
import { renderObservabilityPage } from '../../tools/docs/observability-tables.mjs';

const names = { attributes: TELEMETRY_ATTRIBUTES, metrics: TELEMETRY_METRICS, spans: TELEMETRY_SPANS };

test('docs/observability.md has the names that the sources have (otherwise: npm run docs)', () => {
  const page = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8');
  expect(page).toBe(renderObservabilityPage(page, names));
  for (const { name } of [...Object.values(TELEMETRY_METRICS), ...Object.values(TELEMETRY_SPANS)])
    expect(page).toContain(`| \`${name}\` |`);
});

test('attributes are those of the table, and durations are in seconds', () => {
  for (const { name, unit, instrument } of Object.values(TELEMETRY_METRICS)) {
    expect([name, unit === 's']).toEqual([name, name.endsWith('.duration')]);
    expect([name, instrument === 'histogram']).toEqual([name, unit === 's']);
  }
});
