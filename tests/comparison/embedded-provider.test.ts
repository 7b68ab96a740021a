import { expect, test } from 'vitest';
import { COMPARISON_CORPUS, compareProviders, type ComparedProgram } from '../../packages/preparation/src/index.ts';
import { wasmProvider } from '../../packages/provider-wasm/src/index.ts';

/** What the programs are about: how each of them ends is known, and no program of the corpus may be broken itself. */
const ENDS: Readonly<Record<string, string>> = {
  'values/date': 'failed',
  'errors/own-class': 'failed',
  'errors/syntax': 'failed',
  'errors/exit-code': 'failed',
  'limits/time': 'timed-out',
  'limits/memory': 'out-of-memory',
  'limits/output': 'output-limit-exceeded',
};

test('the embedded provider does the same as itself, but for the time', { timeout: 400_000 }, async () => {
  const compared: ComparedProgram[] = [];
  const summary = await compareProviders({
    left: { definition: wasmProvider, config: { warmChildren: 1 } },
    right: { definition: wasmProvider, config: { warmChildren: 2 } },
    onCompared: (one) => compared.push(one),
  });
  expect(summary.programs).toBe(COMPARISON_CORPUS.length);
  expect(compared.map(({ program }) => program.id)).toEqual(COMPARISON_CORPUS.map(({ id }) => id));
  const differences = compared.flatMap(({ program, ...one }) =>
    one.differences.map(({ kind, message }) => ({ kind, message: `${program.id}: ${message}` })),
  );
  expect(differences.filter(({ kind }) => kind !== 'time')).toEqual([]);
  const ends = compared.map(({ program, left: { status, refusal, error } }) => [
    program.id,
    status,
    refusal,
    status === 'completed' ? error : '',
  ]);
  expect(ends).toEqual(COMPARISON_CORPUS.map(({ id }) => [id, endOf(id), null, endOf(id) === 'completed' ? null : '']));
  const withFiles = compared.filter(({ left }) => left.files.length > 0).map(({ program }) => program.id);
  expect(withFiles).toEqual(COMPARISON_CORPUS.map(({ id }) => id).filter((id) => id.startsWith('files/')));
});

function endOf(id: string): string {
  return ENDS[id.replace(/\[.*/, '')] ?? 'completed';
}
