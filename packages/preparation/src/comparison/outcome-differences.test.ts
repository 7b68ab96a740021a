import { describe, expect, test } from 'vitest';
import type { ComparedOutcome } from './compared-outcome.ts';
import { describeOutcomeDifferences } from './outcome-differences.ts';

const OUTCOME: ComparedOutcome = {
  status: 'completed',
  refusal: null,
  value: '[1]',
  stdout: 'a\nb\n',
  stderr: '',
  error: null,
  files: [{ path: 'a.txt', sizeBytes: 1, sha256: 'aa' }],
  totalMs: 100,
};

const differences = (left: Partial<ComparedOutcome>, right: Partial<ComparedOutcome>) =>
  describeOutcomeDifferences({ ...OUTCOME, ...left }, { ...OUTCOME, ...right });
const messageOf = (left: Partial<ComparedOutcome>, right: Partial<ComparedOutcome> = {}) =>
  differences(left, right).map(({ kind, message }) => `${kind}: ${message}`);

describe('describeOutcomeDifferences', () => {
  test('has nothing to say of two that are the same', () => {
    expect(differences({}, {})).toEqual([]);
  });

  test('has the gravest first, and all of them', () => {
    const other = { status: 'failed', value: null, error: 'E: x', stdout: '', files: [], totalMs: 900 } satisfies Partial<ComparedOutcome>;
    expect(differences({}, other).map(({ kind }) => kind)).toEqual(['status', 'value', 'output', 'files', 'time']);
  });

  test.each<[string, Partial<ComparedOutcome>, Partial<ComparedOutcome>, string]>([
    ['another status', { status: 'timed-out' }, {}, 'status: Left ended as timed-out, right ended as completed.'],
    [
      'another error of the program',
      { status: 'failed', error: 'A: x' },
      { status: 'failed', error: 'B: x' },
      'status: Both ended as failed, with different errors.',
    ],
    ['a value on one side', { value: null }, {}, 'value: Only the right side gave a value.'],
    ['a value on the other', {}, { value: null }, 'value: Only the left side gave a value.'],
    ['another value', { value: '[2]' }, {}, 'value: The values differ.'],
    ['a value that is written otherwise', { value: '[1.0]' }, {}, 'value: The values are equal and written differently.'],
    ['a value that was cut', { value: '[1, …' }, {}, 'value: The values differ.'],
    ['another line', { stdout: 'a\nc\n' }, {}, 'output: stdout differs from line 2 on.'],
    ['fewer lines', { stdout: 'a\n' }, {}, 'output: stdout differs from line 2 on.'],
    ['more lines', { stdout: 'a\nb\nc\n' }, {}, 'output: stdout differs from line 3 on.'],
    ['the other stream', { stderr: 'x' }, {}, 'output: stderr differs from line 1 on.'],
    ['both streams', { stderr: 'x', stdout: '' }, {}, 'output: Both streams differ.'],
    ['a file less', { files: [] }, {}, 'files: Files differ: only right a.txt.'],
    [
      'a file with other content',
      { files: [{ path: 'a.txt', sizeBytes: 1, sha256: 'bb' }] },
      {},
      'files: Files differ: with other content a.txt.',
    ],
    [
      'many files more',
      { files: [...OUTCOME.files, ...['1', '2', '3', '4', '5'].map((path) => ({ path, sizeBytes: 0, sha256: path }))] },
      {},
      'files: Files differ: only left 1, 2, 3 and 2 more.',
    ],
  ])('tells %s', (_, left, right, message) => {
    expect(messageOf(left, right)).toEqual([message]);
  });

  test('tells nothing but the refusal where a side has no result', () => {
    const refused = {
      status: null,
      refusal: { code: 'CAPABILITY_UNSUPPORTED', message: 'No stdin here.' },
      value: null,
      stdout: '',
    } as const;
    expect(messageOf(refused)).toEqual(['status: Left was refused with CAPABILITY_UNSUPPORTED, right ended as completed.']);
    expect(differences(refused, refused)).toEqual([]);
  });

  test('tells that a sandbox did not end', () => {
    expect(messageOf({ refusal: { code: 'INTERNAL', message: 'stuck' } })).toEqual([
      'status: Left ended as completed, and its sandbox did not end (INTERNAL), right ended as completed.',
    ]);
  });

  test.each([
    [100, 199, []],
    [100, 201, ['time: The right side took 2.0 times as long: 201 ms and not 100 ms.']],
    [60, 12, []],
    [1000, 1900, []],
    [640, 200, ['time: The left side took 3.2 times as long: 640 ms and not 200 ms.']],
    [0, 500, ['time: The right side took 500 ms and not 0 ms.']],
  ])('times of %d and %d ms', (left, right, expected) => {
    expect(messageOf({ totalMs: left }, { totalMs: right })).toEqual(expected);
  });
});
