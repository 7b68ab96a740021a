import { expect, test } from 'vitest';
import { comparisonDocument, countDifferences, shownPrograms, type ComparedProgram, type DifferenceKind } from './comparison-state.ts';

const outcome: ComparedProgram['left'] = {
  status: 'completed',
  refusal: null,
  value: null,
  stdout: '',
  stderr: '',
  error: null,
  files: [],
  totalMs: 1,
};

const programWith = (id: string, ...kinds: DifferenceKind[]): ComparedProgram => ({
  type: 'compared',
  program: { id, title: id, language: 'python' },
  left: outcome,
  right: outcome,
  differences: kinds.map((kind) => ({ kind, message: kind })),
});

const compared = [
  programWith('a'),
  programWith('b', 'time'),
  programWith('c', 'value', 'time'),
  programWith('d'),
  programWith('e', 'status'),
];

test('countDifferences counts each program once for each kind', () => {
  expect(countDifferences(compared)).toEqual({ all: 5, differing: 3, status: 1, value: 1, output: 0, files: 0, time: 2 });
});

test.each([
  ['all', 'ecbad'],
  ['differing', 'ecb'],
  ['time', 'cb'],
  ['files', ''],
] as const)('shownPrograms has of "%s" the gravest first', (filter, ids) => {
  expect(
    shownPrograms(compared, filter)
      .map(({ program: { id } }) => id)
      .join(''),
  ).toBe(ids);
});

test('comparisonDocument keeps everything that was found', () => {
  const text = comparisonDocument({ phase: 'stopped', left: 'wasm', right: 'docker', total: 9, compared, problem: undefined }, 0);
  expect(JSON.parse(text)).toEqual({
    format: 'sandport-comparison',
    formatVersion: 1,
    madeAt: '1970-01-01T00:00:00.000Z',
    left: 'wasm',
    right: 'docker',
    isWhole: false,
    programs: compared.map(({ program, left, right, differences }) => ({ program, left, right, differences })),
  });
});
