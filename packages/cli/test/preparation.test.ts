import { configDigest, passportSchema } from '@sandport/core';
import { PREPARATION_CASES, prepareProvider, type PreparationProgress } from '@sandport/preparation';
import { expect, test } from 'vitest';
import { providers } from '@sandport/providers';

/** Where every processor is busy, a call may settle later than the second of the contract. */
const GRACE_MS = 8000;

function definitionOf(id: string) {
  const definition = providers.find((one) => one.id === id);
  if (definition === undefined) throw new Error(`The command carries no "${id}".`);
  return definition;
}

test('the embedded provider passes its preparation, in both languages and with every limit', { timeout: 180_000 }, async () => {
  const config = { warmChildren: 1 };
  const seen: PreparationProgress[] = [];
  const passport = await prepareProvider({
    definition: definitionOf('wasm'),
    config,
    configDigest: configDigest(config),
    graceMs: GRACE_MS,
    onProgress: (progress) => seen.push(progress),
  });
  expect(passport.cases.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(passport.problem).toBeUndefined();
  expect(passport).toMatchObject({
    providerId: 'wasm',
    configDigest: configDigest(config),
    passed: true,
    isolation: { kind: 'wasm' },
    languages: ['python', 'javascript'],
    network: ['none'],
    latency: { count: 10 },
  });
  expect(passport.limits.map(({ limit, held, status }) => [limit, held, status])).toEqual([
    ['time', true, 'timed-out'],
    ['memory', true, 'out-of-memory'],
    ['output', true, 'output-limit-exceeded'],
    ['disk', true, null],
  ]);
  for (const beginning of PREPARATION_CASES) expect(passport.cases.map(({ id }) => id).join('\n')).toContain(beginning);
  expect(passportSchema.parse(JSON.parse(JSON.stringify(passport)))).toEqual(passport);
  expect(seen.at(-1)).toEqual({ step: 'close', done: 1, total: 1, message: 'The provider is closed' });
});

test('a configuration that cannot work gives a passport that says why', async () => {
  const passport = await prepareProvider({
    definition: definitionOf('wasm'),
    config: { nodePath: '/nowhere/node' },
    configDigest: configDigest({ nodePath: '/nowhere/node' }),
  });
  expect(passport).toMatchObject({ passed: false, isolation: null, languages: [], limits: [], latency: null, cases: [] });
  expect(passport.problem).toContain('unhealthy');
});
