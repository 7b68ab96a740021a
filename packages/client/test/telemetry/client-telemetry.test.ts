import { SpanStatusCode } from '@opentelemetry/api';
import { SandboxError } from '@sandport/core';
import { expect, test } from 'vitest';
import {
  CLIENT_TELEMETRY_ATTRIBUTES,
  CLIENT_TELEMETRY_METRICS,
  CLIENT_TELEMETRY_SPANS,
  type ClientAttributeFacts,
  type SandboxClient,
} from '../../src/index.ts';
import { twoProviders } from '../test-client.ts';
import { recordClientTelemetry } from './recorded-client-telemetry.ts';

const MARKER = 'text of the caller';
const OF_ONE = { 'sandport.provider.id': 'one' };

const run = async (client: SandboxClient, signal?: AbortSignal) => {
  const [outcome] = await Promise.allSettled([client.execute({ code: MARKER, tenant: MARKER }, { signal })]);
  return outcome.status;
};

test('a call is counted and has a span, by the provider that was used and what became of the program', async () => {
  using telemetry = recordClientTelemetry();
  const { client } = twoProviders();
  await run(client);
  const attributes = { ...OF_ONE, 'sandport.status': 'completed' };
  expect(await telemetry.points('sandport.client.calls')).toEqual([{ attributes, value: 1 }]);
  expect(telemetry.spans()).toMatchObject([
    {
      name: 'sandport.client.execute',
      attributes: { ...attributes, 'sandport.language': 'python' },
      status: { code: SpanStatusCode.UNSET },
    },
  ]);
});

test('a call that throws is counted by its code, and one that was withdrawn is no error', async () => {
  using telemetry = recordClientTelemetry();
  const { client } = twoProviders({}, { one: { createSandbox: () => Promise.reject(new SandboxError('RATE_LIMITED', MARKER)) } });
  await run(client);
  await run(client, AbortSignal.abort());
  expect(await telemetry.points('sandport.client.calls')).toEqual([
    { attributes: { ...OF_ONE, 'sandport.status': 'error', 'error.type': 'RATE_LIMITED' }, value: 1 },
    { attributes: { 'sandport.status': 'error', 'error.type': 'CANCELLED' }, value: 1 },
  ]);
  expect(telemetry.spans().map(({ status }) => status.code)).toEqual([SpanStatusCode.ERROR, SpanStatusCode.UNSET]);
});

test('a call that goes on to another provider is counted by the one that it left', async () => {
  using telemetry = recordClientTelemetry();
  const { client } = twoProviders(
    { 'sandbox.fallback': '["three","two"]' },
    { one: { createSandbox: () => Promise.reject(new SandboxError('CAPACITY_EXHAUSTED', MARKER)) } },
  );
  await run(client);
  expect(await telemetry.points('sandport.client.fallbacks')).toEqual([
    { attributes: { ...OF_ONE, 'error.type': 'CAPACITY_EXHAUSTED' }, value: 1 },
    { attributes: { 'error.type': 'PROVIDER_UNKNOWN' }, value: 1 },
  ]);
  expect(await telemetry.points('sandport.client.calls')).toMatchObject([{ attributes: { 'sandport.provider.id': 'two' }, value: 1 }]);
});

test('changes are counted from the second configuration on', async () => {
  using telemetry = recordClientTelemetry();
  const { client, settings } = twoProviders();
  await client.refresh();
  settings.set({ 'sandbox.provider_type': 'two' });
  await client.refresh();
  await client.refresh();
  expect(await telemetry.points('sandport.client.configuration.changes')).toEqual([{ attributes: {}, value: 1 }]);
});

test('settings that cannot be read are shown until they can, or their client is closed', async () => {
  using telemetry = recordClientTelemetry();
  const { client, settings } = twoProviders();
  const isUp = async () => (await telemetry.points('sandport.client.settings.up')).map(({ value }) => value);
  await run(client);
  expect(await isUp()).toEqual([1]);
  settings.failure = new Error(MARKER);
  await expect.poll(isUp).toEqual([0]);
  settings.failure = undefined;
  await expect.poll(isUp, { timeout: 10_000 }).toEqual([1]);
  const reads = await telemetry.points('sandport.client.settings.read.duration');
  expect(reads).toMatchObject([{ attributes: {} }, { attributes: { 'error.type': 'SETTINGS_UNAVAILABLE' } }]);
  settings.failure = new Error(MARKER);
  await expect.poll(isUp).toEqual([0]);
  await client.close();
  const other = twoProviders();
  await run(other.client);
  expect(await isUp()).toEqual([1]);
});

test('without an SDK a call does the same', async () => {
  const { client } = twoProviders();
  expect(await run(client)).toBe('fulfilled');
});

test('everything recorded is in the tables, with no other attribute, and nothing of a caller is in it', async () => {
  using telemetry = recordClientTelemetry();
  let mode: SandboxError | undefined = new SandboxError('CAPACITY_EXHAUSTED', MARKER);
  const fail = () => (mode === undefined ? Promise.resolve() : Promise.reject(mode));
  const { client, settings } = twoProviders(
    { 'sandbox.fallback': '["two"]' },
    { one: { createSandbox: fail }, two: { createSandbox: fail } },
  );
  await run(client);
  mode = undefined;
  await run(client);
  settings.set({ 'sandbox.version': '{"number":1}' });
  await client.refresh();
  settings.failure = new Error(MARKER);
  await Promise.allSettled([client.refresh()]);

  const recorded = await telemetry.metrics();
  const namesOf = (facts: Readonly<Record<string, { readonly name: string }>>) =>
    Object.values(facts)
      .map(({ name }) => name)
      .toSorted();
  expect(recorded.map(({ descriptor }) => descriptor.name).toSorted()).toEqual(namesOf(CLIENT_TELEMETRY_METRICS));
  for (const { name, attributes, unit } of Object.values(CLIENT_TELEMETRY_METRICS)) {
    const metric = recorded.find(({ descriptor }) => descriptor.name === name);
    const facts: readonly ClientAttributeFacts[] = attributes.map((key) => CLIENT_TELEMETRY_ATTRIBUTES[key]);
    const found = new Set(metric?.dataPoints.flatMap((point) => Object.keys(point.attributes)));
    expect([name, metric?.descriptor.unit, [...found].toSorted()]).toEqual([name, unit, facts.map((each) => each.name).toSorted()]);
  }
  expect([...new Set(telemetry.spans().map(({ name }) => name))]).toEqual(namesOf(CLIENT_TELEMETRY_SPANS));
  const spanAttributes = new Set(telemetry.spans().flatMap(({ attributes }) => Object.keys(attributes)));
  expect([...spanAttributes].toSorted()).toEqual(
    CLIENT_TELEMETRY_SPANS.execute.attributes.map((key): string => CLIENT_TELEMETRY_ATTRIBUTES[key].name).toSorted(),
  );
  const everything = JSON.stringify([
    recorded,
    telemetry.spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
  ]);
  expect(everything).not.toContain(MARKER);
});
