import type { Language } from '@sandport/core';
import { describe, expect, it } from 'vitest';
import { CONFORMANCE_CASES, runConformance } from '../src/index.ts';
import { DATA_LIES } from './faulty/data-lies.ts';
import { DETAIL_LIES } from './faulty/detail-lies.ts';
import { EXECUTION_LIES } from './faulty/execution-lies.ts';
import { isAboutOneCall, type FaultyProvider, type FaultyProviders } from './faulty/faulty-provider.ts';
import { KEEPING_LIES } from './faulty/keeping-lies.ts';
import { LIFE_LIES } from './faulty/life-lies.ts';
import { REQUEST_LIES } from './faulty/request-lies.ts';
import { STREAM_LIES } from './faulty/stream-lies.ts';
import { VERDICT_LIES } from './faulty/verdict-lies.ts';
import { beyondReach } from './unisolated/beyond-reach.ts';
import type { HostSandbox } from './unisolated/host-sandbox.ts';
import { HOST_LANGUAGES } from './unisolated/host-runtimes.ts';
import { PLANTED_SECRET, UnisolatedProvider } from './unisolated/unisolated-provider.ts';

const BUSY_LIES: FaultyProviders = {
  ...VERDICT_LIES,
  ...DATA_LIES,
  ...EXECUTION_LIES,
  ...REQUEST_LIES,
  ...STREAM_LIES,
  ...KEEPING_LIES,
  ...DETAIL_LIES,
};

// A lie that is told in Python alone cannot be told on a host without it.
const told = interleave(Object.entries(LIFE_LIES), Object.entries(BUSY_LIES)).filter(
  ([, { language }]) => language === undefined || HOST_LANGUAGES.includes(language),
);
const [firstLanguage = 'javascript'] = HOST_LANGUAGES;

// What no child process of the host can keep, no lie can break.
const withinReach = CONFORMANCE_CASES.map(({ id }) => id).filter((id) => !beyondReach.includes(withoutLanguage(id)));

/** Ids and messages of the cases that fail. */
async function failuresOf(
  { habits, capabilities = {}, concurrency = 4 }: FaultyProvider,
  language: Language,
  isTried: (id: string) => boolean,
): Promise<Map<string, string | undefined>> {
  const made: HostSandbox[] = [];
  const onSandbox = (sandbox: HostSandbox) => void made.push(sandbox);
  const { cases } = await runConformance({
    createProvider: () => new UnisolatedProvider({ habits, onSandbox, capabilities: { ...capabilities, languages: [language] } }),
    plantedSecrets: [PLANTED_SECRET],
    concurrency,
    only: withinReach.filter(isTried),
    // Several of these runs share a small machine; what is promised to the second is tried on the reference alone.
    graceMs: 2000,
  });
  await Promise.all(made.map((sandbox) => sandbox.end()));
  const failed = cases.filter(({ outcome }) => outcome === 'failed');
  return new Map(failed.map(({ id, message }) => [withoutLanguage(id), message]));
}

describe(`a faulty provider fails exactly the cases that are about its lie (${HOST_LANGUAGES.join(', ')})`, () => {
  it.concurrent.for(told)('%s', { timeout: 120_000 }, async ([, faulty]) => {
    const language = faulty.language ?? firstLanguage;
    const { among } = faulty;
    const failures = await failuresOf(faulty, language, (id) =>
      among === undefined ? isAboutOneCall(id) : among.some((beginning) => id.startsWith(beginning)),
    );
    const isUnexpected = (id: string) => !faulty.fails.includes(withoutLanguage(id));
    // A lie is told every time; a case that fails beside forty other runs and not by itself lacked the machine.
    const suspects = new Set([...failures.keys()].filter(isUnexpected));
    const again = suspects.size === 0 ? failures : await failuresOf(faulty, language, (id) => suspects.has(withoutLanguage(id)));
    const unexpected = [...again].filter(([id]) => isUnexpected(id)).map(([id, message]) => `${id}: ${message}`);
    expect(unexpected).toEqual([]);
    const expected = [...failures.keys()].filter((id) => !isUnexpected(id));
    expect(expected.toSorted()).toEqual(faulty.fails.filter((id) => existsIn(language, id)).toSorted());
  });
});

it('finds at least a hundred and thirty lies, where there is Python', () => {
  expect(told.length).toBeGreaterThanOrEqual(HOST_LANGUAGES.includes('python') ? 130 : 100);
});

/** One of the first after every few of the second: lies that sleep leave the machine to those that compute. */
function interleave<Item>(few: readonly Item[], many: readonly Item[]): Item[] {
  const step = Math.ceil(many.length / few.length);
  return few.flatMap((one, index) => [one, ...many.slice(index * step, (index + 1) * step)]);
}

function withoutLanguage(id: string): string {
  return id.replace(/\[.*$/, '');
}

function existsIn(language: Language, id: string): boolean {
  return CONFORMANCE_CASES.some(
    (one) => withoutLanguage(one.id) === id && (one.languages.length === 0 || one.languages.includes(language)),
  );
}
