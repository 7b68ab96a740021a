import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DATA_LIES } from '../../packages/conformance/test/faulty/data-lies.ts';
import { EXECUTION_LIES } from '../../packages/conformance/test/faulty/execution-lies.ts';
import type { FaultyProviders } from '../../packages/conformance/test/faulty/faulty-provider.ts';
import { VERDICT_LIES } from '../../packages/conformance/test/faulty/verdict-lies.ts';
import type { Habits } from '../../packages/conformance/test/unisolated/habits.ts';
import { HOST_LANGUAGES } from '../../packages/conformance/test/unisolated/host-runtimes.ts';
import { UnisolatedProvider } from '../../packages/conformance/test/unisolated/unisolated-provider.ts';
import { defineProvider, type ProviderDefinition } from '../../packages/core/src/index.ts';
import { COMPARISON_CORPUS, compareProviders, type ComparedProgram, type DifferenceKind } from '../../packages/preparation/src/index.ts';

const LIES: FaultyProviders = { ...VERDICT_LIES, ...DATA_LIES, ...EXECUTION_LIES };

/**
 * The kinds of difference, besides time, that a lie makes in a program, where the host has its language. The tracebacks of Node are no good for it: they name the work folder,
 * which is another in each sandbox of this reference.
 */
const TOLD: readonly (readonly [lie: string, program: string, kinds: readonly DifferenceKind[]])[] = [
  ['swallows-program-errors', 'errors/own-class[python]', ['status', 'value']],
  ['throws-program-errors', 'errors/own-class[python]', ['status']],
  ['calls-every-signal-a-kill', 'values/nothing', []],
  ['drops-falsy-values', 'values/nothing', ['value']],
  ['loses-big-integers', 'values/big-integers[python]', ['value']],
  ['pastes-arguments-into-python', 'arguments/echo[python]', ['status', 'value', 'output']],
  ['passes-texts-through-a-shell', 'arguments/echo', ['value']],
  ['strips-control-characters', 'output/control-characters', ['output']],
  ['mixes-streams', 'output/both-streams', ['output']],
  ['caps-output-at-64-kib', 'output/large', ['status', 'output']],
  ['loses-stdout-on-failure', 'errors/own-class[python]', ['output']],
  ['treats-files-as-text', 'files/artifacts', ['files']],
];

describe(`each lie is the difference that it makes (${HOST_LANGUAGES.join(', ')})`, () => {
  test.each(TOLD.filter(([, program]) => programsOf(program).length > 0))('%s in %s', async (lie, program, kinds) => {
    const faulty = LIES[lie];
    if (faulty === undefined) throw new Error(`Nobody tells the lie "${lie}".`);
    const compared: ComparedProgram[] = [];
    const summary = await compareProviders({
      left: { definition: unisolated(), config: {} },
      right: { definition: unisolated(faulty.habits), config: {} },
      programs: programsOf(program),
      onCompared: (one) => compared.push(one),
    });
    expect(summary.programs).toBe(programsOf(program).length);
    for (const {
      program: { id },
      differences,
      left,
      right,
    } of compared) {
      const found = differences.map(({ kind }) => kind).filter((kind) => kind !== 'time');
      expect([id, found, left.refusal], JSON.stringify({ differences, right })).toEqual([id, kinds, null]);
    }
  });
});

function programsOf(beginning: string): string[] {
  return COMPARISON_CORPUS.filter(({ id, language }) => id.startsWith(beginning) && HOST_LANGUAGES.includes(language)).map(({ id }) => id);
}

function unisolated(habits: Partial<Habits> = {}): ProviderDefinition {
  return defineProvider({
    id: 'unisolated',
    displayName: 'Unisolated',
    description: 'For tests.',
    tags: [],
    languages: HOST_LANGUAGES,
    configSchema: z.strictObject({}),
    create: () => new UnisolatedProvider({ habits }),
  });
}
